import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TestIdentity } from './identity.js';

const require = createRequire(join(__dirname, 'memoryStub.js'));
const { peer } = require('@hyperledger/fabric-protos') as typeof import('@hyperledger/fabric-protos');

export interface Versioned {
  readonly value: Buffer;
  readonly version: number;
}

export interface Proposal {
  readonly channel: string;
  readonly chaincode: string;
  readonly transactionId: string;
  readonly creator: TestIdentity;
  readonly timestampMs: number;
  readonly args: readonly string[];
}

/** What an endorser records while it simulates: reads with versions, writes, one event. */
export interface Simulation {
  readonly reads: Map<string, number>;
  readonly writes: Map<string, Buffer | null>;
  ranges: number;
  paginated: number;
  event: { readonly name: string; readonly payload: Buffer } | null;
}

const maxRune = '\u{10ffff}';
const composite = (objectType: string, attributes: readonly string[]): string =>
  `\u0000${[objectType, ...attributes].map((part) => `${part}\u0000`).join('')}`;

interface Row {
  readonly key: string;
  readonly value: Buffer;
}

const iterate = (rows: readonly Row[]) => {
  let at = 0;
  return {
    next: () => Promise.resolve(at < rows.length ? { value: rows[at++], done: false } : { done: true }),
  };
};

/**
 * The peer's side of one simulation over a committed snapshot. Reads never see the transaction's own writes. Every read
 * is recorded with its version, 0 for an absent key.
 */
export class MemoryStub {
  readonly simulation: Simulation = {
    reads: new Map(),
    writes: new Map(),
    ranges: 0,
    paginated: 0,
    event: null,
  };

  constructor(
    private readonly committed: ReadonlyMap<string, Versioned>,
    private readonly proposal: Proposal,
  ) {}

  getBufferArgs = (): Buffer[] => this.proposal.args.map((arg) => Buffer.from(arg));
  getFunctionAndParameters = () => ({
    fcn: this.proposal.args[0] ?? '',
    params: this.proposal.args.slice(1),
  });
  getTxID = (): string => this.proposal.transactionId;
  getChannelID = (): string => this.proposal.channel;
  getCreator = () => ({ mspid: this.proposal.creator.mspId, idBytes: this.proposal.creator.certificate });
  getDateTimestamp = (): Date => new Date(this.proposal.timestampMs);
  createCompositeKey = composite;

  getSignedProposal() {
    const id = new peer.ChaincodeID();
    id.setName(this.proposal.chaincode);
    const extension = new peer.ChaincodeHeaderExtension();
    extension.setChaincodeId(id);
    const bytes = extension.serializeBinary();
    return { proposal: { header: { channelHeader: { getExtension_asU8: () => bytes } } } };
  }

  getState(key: string): Promise<Buffer> {
    const found = this.committed.get(key);
    this.simulation.reads.set(key, found?.version ?? 0);
    return Promise.resolve(found?.value ?? Buffer.alloc(0));
  }

  putState(key: string, value: Buffer): Promise<void> {
    this.simulation.writes.set(key, Buffer.from(value));
    return Promise.resolve();
  }

  deleteState(key: string): Promise<void> {
    this.simulation.writes.set(key, null);
    return Promise.resolve();
  }

  setEvent(name: string, payload: Buffer): void {
    this.simulation.event = { name, payload };
  }

  #rows(from: string, to: string): Row[] {
    return [...this.committed.entries()]
      .filter(([key]) => key >= from && key < to)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { value }]) => ({ key, value }));
  }

  getStateByPartialCompositeKey(objectType: string, attributes: readonly string[]) {
    this.simulation.ranges += 1;
    const prefix = composite(objectType, attributes);
    return Promise.resolve(iterate(this.#rows(prefix, prefix + maxRune)));
  }

  getStateByPartialCompositeKeyWithPagination(
    objectType: string,
    attributes: readonly string[],
    pageSize: number,
    bookmark = '',
  ) {
    this.simulation.paginated += 1;
    const prefix = composite(objectType, attributes);
    const rows = this.#rows(bookmark === '' ? prefix : bookmark, prefix + maxRune);
    const page = rows.slice(0, pageSize);
    // An empty page has no metadata: its encoding is zero bytes, which the shim treats as none.
    const bookmarkOf = { bookmark: rows[pageSize]?.key ?? '', fetchedRecordsCount: page.length };
    const metadata = page.length === 0 ? undefined : bookmarkOf;
    return Promise.resolve({ iterator: iterate(page), metadata });
  }
}
