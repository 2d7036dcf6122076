/** The version of a key: the number of the block that last wrote it, and the transaction's position in it. */
export interface Version {
  readonly block: number;
  readonly position: number;
}

export interface KeyRead {
  readonly key: string;
  /** Null if the key did not exist. */
  readonly version: Version | null;
}

interface KeyWrite {
  readonly key: string;
  /** Null if the transaction deleted the key. */
  readonly value: Uint8Array | null;
}

export interface RangeRead {
  readonly startKey: string;
  readonly endKey: string;
}

/** An endorser transaction in a block, valid or not. */
export interface LedgerTransaction extends Version {
  readonly id: string;
  /** Name of the called chaincode. */
  readonly chaincode: string;
  /** The part of the called name before the colon, such as `MarketContract`; empty if there is none. */
  readonly contract: string;
  /** The part after the colon, such as `SubmitUpdate`. */
  readonly function: string;
  /** Fabric's validation code; 0 is valid. */
  readonly code: number;
  /** Length of its envelope. */
  readonly bytes: number;
  /** Its reads and writes in the keys of the called chaincode. */
  readonly reads: readonly KeyRead[];
  readonly ranges: readonly RangeRead[];
  readonly writes: readonly KeyWrite[];
}

export interface LedgerBlock {
  readonly number: number;
  /** Length of the whole block, with its header, metadata and signatures. */
  readonly bytes: number;
  /** Its endorser transactions, in order, without configuration. */
  readonly transactions: readonly LedgerTransaction[];
}

/** Blocks in the order of their numbers: already read, or as they arrive. */
export type Blocks = Iterable<LedgerBlock> | AsyncIterable<LedgerBlock>;

const validCode = 0;

/** Fabric's validation codes of a transaction that read a key which another transaction wrote meanwhile. */
const conflictCodes: ReadonlySet<number> = new Set([
  11, // MVCC_READ_CONFLICT
  12, // PHANTOM_READ_CONFLICT
]);

export const isValid = ({ code }: LedgerTransaction): boolean => code === validCode;
export const isConflictCode = (code: number): boolean => conflictCodes.has(code);
