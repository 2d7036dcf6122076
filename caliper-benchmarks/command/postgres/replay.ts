import { isValid, type Blocks, type LedgerTransaction, type Version } from '../blocks/ledgerBlock.js';
import { dependenciesOf } from './dependencies.js';

/** A record in the database's form. */
export interface Row {
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
}

interface RowRead {
  readonly key: string;
  /** Null if the row did not exist. */
  readonly version: number | null;
}

/** A transaction of the ledger in the database's form. */
export interface RowTransaction {
  readonly reads: readonly RowRead[];
  readonly puts: readonly Row[];
  readonly deletes: readonly string[];
  /** Positions of the transactions that must commit before it begins; each is smaller than its own. */
  readonly after: readonly number[];
}

export interface Replay {
  /** The state before the first transaction. */
  readonly initial: readonly Row[];
  /** In commit order. */
  readonly transactions: readonly RowTransaction[];
}

export interface ReplayInput {
  /** All blocks of the chain from the first one, to know the state before the round. */
  readonly blocks: Blocks;
  readonly chaincode: string;
  /** Ids of the round's transactions. */
  readonly transactionIds: ReadonlySet<string>;
}

/**
 * The valid transactions of the chaincode from the first to the last of a round, with the state before them. A stale
 * transaction changed nothing, so it is omitted; its repetition is included.
 * @throws Error for a transaction that read a range, which cannot be replayed
 */
export async function replayOf({ blocks, chaincode, transactionIds }: ReplayInput): Promise<Replay> {
  const state = new Map<string, Row>();
  const found: LedgerTransaction[] = [];
  let end = 0;
  for await (const { transactions } of blocks) {
    for (const transaction of transactions) {
      if (transaction.chaincode !== chaincode || !isValid(transaction)) continue;
      const isMeasured = transactionIds.has(transaction.id);
      if (found.length === 0 && !isMeasured) apply(state, transaction);
      else {
        found.push(transaction);
        if (isMeasured) end = found.length;
      }
    }
  }
  const replayed = found.slice(0, end);
  const dependencies = dependenciesOf(replayed);
  return {
    initial: [...state.values()],
    transactions: replayed.map((transaction, at) => ({
      ...rowsOf(transaction),
      after: dependencies[at] ?? [],
    })),
  };
}

function apply(state: Map<string, Row>, transaction: LedgerTransaction): void {
  const { puts, deletes } = writesOf(transaction);
  for (const row of puts) state.set(row.key, row);
  for (const key of deletes) state.delete(key);
}

function rowsOf(transaction: LedgerTransaction): Omit<RowTransaction, 'after'> {
  if (transaction.ranges.length > 0)
    throw new Error(`${transaction.function} (${transaction.id}) read a range, which cannot be replayed.`);
  const reads = transaction.reads.map(({ key, version }) => ({
    key: rowKey(key),
    version: version === null ? null : rowVersion(version),
  }));
  return { reads, ...writesOf(transaction) };
}

function writesOf(transaction: LedgerTransaction): Pick<RowTransaction, 'puts' | 'deletes'> {
  const puts: Row[] = [];
  const deletes: string[] = [];
  const version = rowVersion(transaction);
  for (const { key, value } of transaction.writes) {
    if (value === null) deletes.push(rowKey(key));
    else puts.push({ key: rowKey(key), value, version });
  }
  return { puts, deletes };
}

/**
 * PostgreSQL's text cannot contain NUL, which Fabric uses between parts of composite keys. The unit separator also
 * sorts before letters.
 */
function rowKey(key: string): string {
  if (key.includes('\u001f')) throw new Error(`A key contains a unit separator: ${JSON.stringify(key)}`);
  return key.replaceAll('\u0000', '\u001f');
}

/** More than a Fabric block contains. */
const positions = 1_000_000;

/** Fabric's version of a key as one number, which increases with each version. */
const rowVersion = ({ block, position }: Version): number => block * positions + position;
