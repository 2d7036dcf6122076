import { common, peer } from '@hyperledger/fabric-protos';
import { messageOf } from '../errors.js';
import { codesOf, entriesOf } from '../commit/blockContent.js';
import type { Chain } from '../store/chain.js';
import type { Membership } from '../identity/membership.js';
import type { Simulation } from './endorser.js';
import type { Proposal } from './proposal.js';
import { requestedChaincode } from './proposal.js';
import { mayRead, policyRefusal } from './proposalChecks.js';
import { answered, QUERY_CHAINCODE, refused, type SystemChaincode } from './systemChaincode.js';

/** The number that requests the newest block from a peer. */
const NEWEST_BLOCK = 2n ** 64n - 1n;

type Query = (argument: Uint8Array) => Promise<Uint8Array>;

/** Queries of the chain as Fabric's `qscc` answers them: serialised blocks, transactions, the chain's height. */
export class ChainQueries implements SystemChaincode {
  private readonly queries: ReadonlyMap<string, Query>;

  constructor(
    private readonly chain: Chain,
    private readonly channel: string,
    private readonly membership: Membership,
  ) {
    this.queries = new Map<string, Query>([
      ['GetChainInfo', () => this.chainInfo()],
      ['GetBlockByNumber', (argument) => this.blockByNumber(text(argument))],
      ['GetBlockByHash', (argument) => this.blockByHash(argument)],
      ['GetBlockByTxID', (argument) => this.blockByTransaction(text(argument))],
      ['GetTransactionByID', (argument) => this.transaction(text(argument))],
    ]);
  }

  /** Arguments: the query's name, the channel, and the query's parameter. */
  async simulate(proposal: Proposal): Promise<Simulation> {
    const [name, channel, argument] = proposal.input.getArgsList_asU8();
    try {
      const payload = await this.answer(proposal, name, channel, argument);
      return answered(payload);
    } catch (error) {
      return refused(500, messageOf(error));
    }
  }

  private async answer(
    proposal: Proposal,
    name?: Uint8Array,
    channel?: Uint8Array,
    argument?: Uint8Array,
  ): Promise<Uint8Array> {
    if (name === undefined || channel === undefined) {
      throw new Error(`Incorrect number of arguments, ${name === undefined ? '0' : '1'}`);
    }
    refuseDetour(proposal);
    const query = text(name);
    if (query !== 'GetChainInfo' && argument === undefined)
      throw new Error(`missing 3rd argument for ${query}`);
    if (text(channel) !== this.channel) throw new Error(`Invalid chain ID, ${text(channel)}`);
    const run = this.queries.get(query);
    // A peer looks up the query's access policy before the query itself.
    if (run === undefined) throw accessDenied(query, this.channel, `Unmapped policy for qscc/${query}`);
    if (!mayRead(this.membership.find(proposal.signatureHeader.getCreator_asU8()))) {
      throw accessDenied(query, this.channel, policyRefusal('Readers', this.channel));
    }
    return run(argument ?? new Uint8Array());
  }

  private async chainInfo(): Promise<Uint8Array> {
    const { height, lastHash } = this.chain;
    const last = await this.chain.readBlock(height - 1);
    const info = new common.BlockchainInfo();
    info.setHeight(height);
    info.setCurrentblockhash(lastHash);
    info.setPreviousblockhash(last?.getHeader()?.getPreviousHash_asU8() ?? new Uint8Array());
    return info.serializeBinary();
  }

  private async blockByNumber(argument: string): Promise<Uint8Array> {
    const asked = parseBlockNumber(argument);
    const number = asked === NEWEST_BLOCK ? BigInt(this.chain.height - 1) : asked;
    const exists = number < this.chain.height;
    const bytes = exists ? await this.chain.read(Number(number)) : undefined;
    if (bytes !== undefined) return bytes;
    const why = `no such block number [${String(number)}] in index`;
    throw new Error(`Failed to get block number ${String(asked)}, error ${why}`);
  }

  private async blockByHash(hash: Uint8Array): Promise<Uint8Array> {
    const number = this.chain.state.blockNumberByHash(hash);
    const bytes = number === undefined ? undefined : await this.chain.read(number);
    if (bytes !== undefined) return bytes;
    const hex = Buffer.from(hash).toString('hex');
    throw new Error(`Failed to get block hash ${text(hash)}, error no such block hash [${hex}] in index`);
  }

  private async blockByTransaction(id: string): Promise<Uint8Array> {
    const entry = this.chain.state.transaction(id);
    const bytes = entry && (await this.chain.read(entry.block));
    if (bytes !== undefined) return bytes;
    throw new Error(`Failed to get block for txID ${id}, error no such transaction ID [${id}] in index`);
  }

  private async transaction(id: string): Promise<Uint8Array> {
    const entry = this.chain.state.transaction(id);
    const block = entry && (await this.chain.readBlock(entry.block));
    const found = block && entriesOf(block).find(({ index }) => index === entry.transaction);
    if (block === undefined || found === undefined) {
      throw new Error(
        `Failed to get transaction with id ${id}, error no such transaction ID [${id}] in index`,
      );
    }
    const processed = new peer.ProcessedTransaction();
    processed.setTransactionenvelope(found.envelope);
    processed.setValidationcode(codesOf(block)[found.index] ?? 0);
    return processed.serializeBinary();
  }
}

/** Reads a number as Go does: only decimal digits, at most 64 bits. */
function parseBlockNumber(argument: string): bigint {
  const digits = /^\d+$/.test(argument);
  const number = digits ? BigInt(argument) : 0n;
  if (digits && number <= NEWEST_BLOCK) return number;
  const why = digits ? 'value out of range' : 'invalid syntax';
  throw new Error(`Failed to parse block number with error strconv.ParseUint: parsing "${argument}": ${why}`);
}

/** A peer runs the chaincode that the header names, whatever the input names; here both must agree. */
function refuseDetour(proposal: Proposal): void {
  const asked = requestedChaincode(proposal);
  if (asked === QUERY_CHAINCODE) return;
  const why = `because of potential for deadlocks, original invocation for '${asked}'`;
  throw new Error(`Rejecting invoke of QSCC from another chaincode ${why}`);
}

function accessDenied(query: string, channel: string, why: string): Error {
  return new Error(`access denied for [${query}][${channel}]: [${why}]`);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
