/** Where a key was last written: number of the block, and position of the transaction in it. */
export interface Version {
  readonly block: number;
  readonly position: number;
}

export interface KeyRead {
  readonly key: string;
  /** Null where the key did not exist. */
  readonly version: Version | null;
}

interface KeyWrite {
  readonly key: string;
  /** Null where the key was deleted. */
  readonly value: Uint8Array | null;
}

export interface RangeRead {
  readonly startKey: string;
  readonly endKey: string;
}

/** An endorser transaction as it stands in a block, valid or not. */
export interface LedgerTransaction extends Version {
  readonly id: string;
  /** Name of the chaincode that was called. */
  readonly chaincode: string;
  /** The part before the colon of what was called, such as `MarketContract`; empty where there is none. */
  readonly contract: string;
  /** The part behind it, such as `SubmitUpdate`. */
  readonly function: string;
  /** Fabric's validation code; 0 is valid. */
  readonly code: number;
  /** Length of its envelope. */
  readonly bytes: number;
  /** What it read and wrote in the keys of the chaincode that was called. */
  readonly reads: readonly KeyRead[];
  readonly ranges: readonly RangeRead[];
  readonly writes: readonly KeyWrite[];
}

export interface LedgerBlock {
  readonly number: number;
  /** Length of the whole block, with its header, metadata and signatures. */
  readonly bytes: number;
  /** Its endorser transactions, in order. Configuration is left out. */
  readonly transactions: readonly LedgerTransaction[];
}

/** Blocks in the order of their numbers: read already, or as they arrive. */
export type Blocks = Iterable<LedgerBlock> | AsyncIterable<LedgerBlock>;

const validCode = 0;

/** Fabric's validation codes of a transaction that read what another one has written meanwhile. */
const conflictCodes: ReadonlySet<number> = new Set([
  11, // MVCC_READ_CONFLICT
  12, // PHANTOM_READ_CONFLICT
]);

export const isValid = ({ code }: LedgerTransaction): boolean => code === validCode;
export const isConflictCode = (code: number): boolean => conflictCodes.has(code);
