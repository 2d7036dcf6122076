import { percentile } from '../percentile.js';
import { keyKind } from './keyKind.js';
import {
  isConflictCode,
  isValid,
  type Blocks,
  type LedgerBlock,
  type LedgerTransaction,
} from './ledgerBlock.js';
import { KeyVersions } from './staleReads.js';

/** Sums over the transactions of one function. All except `invalid` count only valid transactions. */
interface FunctionSum {
  transactions: number;
  /** Transactions in a block that changed nothing: conflicts and others. */
  invalid: number;
  /** Bytes of their envelopes. */
  bytes: number;
  keysRead: number;
  keysWritten: number;
  keysDeleted: number;
  /** Bytes of the keys that they wrote and deleted. */
  keyBytes: number;
  /** Bytes of the values that they wrote. */
  valueBytes: number;
}

/** A transaction whose reads another one made stale. */
export interface Conflict {
  readonly transactionId: string;
  readonly function: string;
  /** The keys that were stale when the block was validated. Empty if no given block wrote them. */
  readonly keys: readonly string[];
  /** Their kinds, sorted, without duplicates. */
  readonly kinds: readonly string[];
}

export interface BlockSum {
  readonly blocks: number;
  /** Bytes of whole blocks, with headers and metadata. */
  readonly blockBytes: number;
  readonly blockBytesP50: number | null;
  readonly blockBytesMax: number;
  /** Endorser transactions in a block, valid or not. */
  readonly transactionsPerBlockP50: number | null;
  readonly transactionsPerBlockMax: number;
  /** By the function's name. */
  readonly functions: Readonly<Record<string, Readonly<FunctionSum>>>;
  readonly conflicts: readonly Conflict[];
}

/**
 * Sums up the content of blocks.
 * @param blocks in order and without gaps. To find the keys of conflicts, they must begin before the stale transactions
 */
export async function sumBlocks(blocks: Blocks): Promise<BlockSum> {
  const sums = await sumBlocksBy(blocks, () => 'all');
  return sums.get('all') ?? new Totals().sum();
}

/**
 * The same sums for groups of blocks.
 * @param groupOf the group of a block; undefined to skip it
 */
export async function sumBlocksBy<Group>(
  blocks: Blocks,
  groupOf: (block: LedgerBlock) => Group | undefined,
): Promise<Map<Group, BlockSum>> {
  const groups = new Map<Group, Totals>();
  const versions = new KeyVersions();
  for await (const block of blocks) {
    const group = groupOf(block);
    if (group !== undefined && !groups.has(group)) groups.set(group, new Totals());
    const totals = group === undefined ? undefined : groups.get(group);
    totals?.addBlock(block);
    for (const transaction of block.transactions) {
      totals?.add(transaction, versions);
      versions.apply(transaction);
    }
  }
  return new Map([...groups].map(([group, totals]) => [group, totals.sum()]));
}

class Totals {
  readonly #functions = new Map<string, FunctionSum>();
  readonly #conflicts: Conflict[] = [];
  readonly #bytes: number[] = [];
  readonly #counts: number[] = [];

  addBlock({ bytes, transactions }: LedgerBlock): void {
    this.#bytes.push(bytes);
    this.#counts.push(transactions.length);
  }

  /** @param versions before the transaction */
  add(transaction: LedgerTransaction, versions: KeyVersions): void {
    add(this.#functions, transaction);
    if (isConflictCode(transaction.code)) this.#conflicts.push(conflictOf(transaction, versions));
  }

  sum(): BlockSum {
    const bytes = this.#bytes.sort((one, other) => one - other);
    const counts = this.#counts.sort((one, other) => one - other);
    return {
      blocks: bytes.length,
      blockBytes: bytes.reduce((sum, each) => sum + each, 0),
      blockBytesP50: percentile(bytes, 0.5),
      blockBytesMax: bytes.at(-1) ?? 0,
      transactionsPerBlockP50: percentile(counts, 0.5),
      transactionsPerBlockMax: counts.at(-1) ?? 0,
      functions: Object.fromEntries(this.#functions),
      conflicts: this.#conflicts,
    };
  }
}

/** Sums of all functions together. */
export function totalsOf({ functions }: BlockSum): { transactions: number; stateBytes: number } {
  const all = Object.values(functions);
  return {
    transactions: all.reduce((sum, { transactions }) => sum + transactions, 0),
    // All written bytes count. The state keeps only the last value of each key.
    stateBytes: all.reduce((sum, { keyBytes, valueBytes }) => sum + keyBytes + valueBytes, 0),
  };
}

const emptySum: Readonly<FunctionSum> = {
  transactions: 0,
  invalid: 0,
  bytes: 0,
  keysRead: 0,
  keysWritten: 0,
  keysDeleted: 0,
  keyBytes: 0,
  valueBytes: 0,
};

function add(functions: Map<string, FunctionSum>, transaction: LedgerTransaction): void {
  const sum = functions.get(transaction.function) ?? { ...emptySum };
  functions.set(transaction.function, sum);
  if (!isValid(transaction)) {
    sum.invalid += 1;
    return;
  }
  sum.transactions += 1;
  sum.bytes += transaction.bytes;
  sum.keysRead += transaction.reads.length;
  for (const { key, value } of transaction.writes) {
    sum.keyBytes += Buffer.byteLength(key);
    if (value === null) sum.keysDeleted += 1;
    else {
      sum.keysWritten += 1;
      sum.valueBytes += value.length;
    }
  }
}

function conflictOf(transaction: LedgerTransaction, versions: KeyVersions): Conflict {
  const stale = versions.staleReads(transaction);
  // A phantom conflict is about a range in which a key appeared or disappeared: its kind is the range's.
  const keys = stale.length > 0 ? stale : transaction.ranges.map(({ startKey }) => startKey);
  return {
    transactionId: transaction.id,
    function: transaction.function,
    keys,
    kinds: [...new Set(keys.map((key) => conflictKind(keyKind(key))))].sort(),
  };
}

/** A Tick writes two records: the market's time, and the row from which deadlines count. */
const conflictKind = (kind: string): string => (kind === 'tick' ? 'clock' : kind);

/** The kind of a conflict whose key the blocks do not show. */
const unknownKind = 'unknown';

/**
 * The number of conflicts by kinds of keys, such as `{ "clock": 4, "clock+couple": 1 }`. Each conflict counts once, so
 * the counts add up to the total.
 */
export function conflictsByKind(conflicts: readonly Conflict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kinds } of conflicts) {
    const name = kinds.length === 0 ? unknownKind : kinds.join('+');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
