import { common, peer } from '@hyperledger/fabric-protos';
import type { BlockHeaderFields } from '../order/block.js';
import { hashBlockHeader } from '../order/block.js';
import type { BlockUpdate, StateStore, StateWrite, TransactionEntry } from '../store/stateStore.js';
import type { EnvelopeHeader, TransactionContent } from './transaction.js';
import { parseTransaction, readHeader } from './transaction.js';

const Code = peer.TxValidationCode;
const { TRANSACTIONS_FILTER } = common.BlockMetadataIndex;

/** One envelope of a committed block. */
export interface BlockEntry {
  readonly index: number;
  readonly code: number;
  readonly envelope: common.Envelope;
  readonly header: EnvelopeHeader;
}

/** The envelopes of a block that have a readable header, with their validation codes. */
export function entriesOf(block: common.Block): BlockEntry[] {
  const codes = codesOf(block);
  return (block.getData()?.getDataList_asU8() ?? []).flatMap((bytes, index) => {
    const envelope = common.Envelope.deserializeBinary(bytes);
    const read = readHeader(envelope.getPayload_asU8());
    return read === undefined ? [] : [{ index, code: codes[index] ?? -1, envelope, header: read.fields }];
  });
}

export function codesOf(block: common.Block): Uint8Array {
  return block.getMetadata()?.getMetadataList_asU8()[TRANSACTIONS_FILTER] ?? new Uint8Array();
}

/** The content of a valid transaction in a block; undefined for any other entry. */
export function contentOf(entry: BlockEntry): TransactionContent | undefined {
  if (entry.code !== Code.VALID || entry.header.type !== common.HeaderType.ENDORSER_TRANSACTION)
    return undefined;
  const parsed = parseTransaction(entry.envelope.getPayload_asU8());
  return parsed.code === Code.VALID ? parsed.content : undefined;
}

/** The events of a block's valid transactions, in order. */
export function eventsOf(block: common.Block): peer.ChaincodeEvent[] {
  return entriesOf(block).flatMap((entry) => contentOf(entry)?.event ?? []);
}

/** The part of a block's header that the chain binds. @throws if the block has none */
export function headerOf(block: common.Block): BlockHeaderFields {
  const header = block.getHeader();
  if (header === undefined) throw new Error('a block without a header');
  return {
    number: header.getNumber(),
    previousHash: header.getPreviousHash_asU8(),
    dataHash: header.getDataHash_asU8(),
  };
}

/** The changes of a block from the log, by its stored validation codes. */
export function updateOf(block: common.Block, state: StateStore): BlockUpdate {
  const header = headerOf(block);
  const { number } = header;
  const transactions = new Map<string, TransactionEntry>();
  const entries = entriesOf(block);
  for (const { header, index, code } of entries) {
    const { transactionId } = header;
    if (!isFirst(transactionId, transactions, state)) continue;
    transactions.set(transactionId, { block: number, transaction: index, code });
  }
  const writes = entries.flatMap((entry) => writesOf(entry, number));
  return { number, hash: hashBlockHeader(header), writes, transactions };
}

function writesOf(entry: BlockEntry, block: number): StateWrite[] {
  const version = { block, transaction: entry.index };
  const sets = contentOf(entry)?.sets ?? [];
  return sets.flatMap(({ namespace, writes }) =>
    writes.map(({ key, value }) => ({ namespace, key, value, version })),
  );
}

/** Whether an id appears for the first time. A repeated id keeps its first entry. */
export function isFirst(id: string, block: ReadonlyMap<string, unknown>, state: StateStore): boolean {
  return id !== '' && !block.has(id) && state.transaction(id) === undefined;
}
