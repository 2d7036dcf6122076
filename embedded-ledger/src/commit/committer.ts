import { peer } from '@hyperledger/fabric-protos';
import { assembleBlock, hashBlockData, hashBlockHeader } from '../order/block.js';
import type { Signer } from '../identity/signer.js';
import type { Chain } from '../store/chain.js';
import type { TransactionEntry } from '../store/stateStore.js';
import { isFirst } from './blockContent.js';
import type { TransactionContent, ValidationCode } from './transaction.js';
import { BlockValidator } from './validator.js';

const Code = peer.TxValidationCode;

/** A transaction on its way into a block. The gateway checked its signatures and form at submission. */
export interface OrderedTransaction {
  readonly transactionId: string;
  readonly envelope: Uint8Array;
  readonly verdict:
    | { readonly code: typeof Code.VALID; readonly content: TransactionContent }
    | { readonly code: Exclude<ValidationCode, typeof Code.VALID> };
}

interface CommittedTransaction {
  readonly transactionId: string;
  readonly code: number;
  readonly event: peer.ChaincodeEvent | undefined;
}

/** One block and the outcomes of its transactions, except those that repeat a known id. */
export interface CommittedBlock {
  readonly number: number;
  readonly transactions: readonly CommittedTransaction[];
}

/** Makes blocks of ordered transactions: validates them in order, signs the block, adds it to the chain. */
export class Committer {
  constructor(
    private readonly chain: Chain,
    private readonly signer: Signer,
  ) {}

  /** Returns once the block is on the disk. */
  async commit(batch: readonly OrderedTransaction[]): Promise<CommittedBlock> {
    const number = this.chain.height;
    const validator = new BlockValidator(this.chain.state, number);
    const entries = new Map<string, TransactionEntry>();
    const codes: number[] = [];
    for (const [index, transaction] of batch.entries()) {
      const first = isFirst(transaction.transactionId, entries, this.chain.state);
      const code = first ? await judge(validator, index, transaction) : Code.DUPLICATE_TXID;
      codes.push(code);
      if (first) entries.set(transaction.transactionId, { block: number, transaction: index, code });
    }
    const envelopes = batch.map(({ envelope }) => envelope);
    const header = { number, previousHash: this.chain.lastHash, dataHash: hashBlockData(envelopes) };
    const block = assembleBlock(header, envelopes, codes, this.signer);
    const update = { number, hash: hashBlockHeader(header), writes: validator.writes, transactions: entries };
    await this.chain.append(block, update);
    const transactions = [...entries].map(([transactionId, { transaction, code }]) => {
      const verdict = code === Code.VALID ? batch[transaction]?.verdict : undefined;
      return { transactionId, code, event: verdict?.code === Code.VALID ? verdict.content.event : undefined };
    });
    return { number, transactions };
  }
}

async function judge(
  validator: BlockValidator,
  index: number,
  { verdict }: OrderedTransaction,
): Promise<ValidationCode> {
  return verdict.code === Code.VALID ? validator.validate(index, verdict.content.sets) : verdict.code;
}
