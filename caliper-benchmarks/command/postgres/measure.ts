import type { Client, ClientConfig } from 'pg';
import { percentile } from '../percentile.js';
import { rounded, type Run } from '../summary.js';
import { runClients, type ClientsOutcome } from './clients.js';
import { configOf, connect } from './connect.js';
import type { Replay } from './replay.js';
import { startPostgres } from './server.js';
import { createTable } from './table.js';

/** A row of results, and the database's description. */
export interface PostgresMeasured {
  /**
   * The run on network `postgres`. Its parameters are `tableBytes` of the table, its index and its large values at the
   * end, including dead rows, and `logBytes` of the write-ahead log during the run.
   */
  readonly run: Run;
  /** Such as `PostgreSQL 17.6, fsync on, synchronous_commit on`. */
  readonly server: string;
}

export interface PostgresInput {
  readonly replay: Replay;
  /** Label of the round. */
  readonly workload: string;
  /** Connections, each with one transaction in flight. */
  readonly clients: number;
  /** A connection string. Without one, it starts a PostgreSQL from Debian's packages. */
  readonly connection?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Writes the records of a round to PostgreSQL. Each transaction of the ledger becomes one of the database: it reads the
 * same rows, compares their versions, and writes and deletes the same rows. One table holds keys, values as the
 * ledger's bytes, and versions. Transactions begin in the order of the blocks, as many at once as there are clients.
 * One that uses a row of an earlier one waits until that has committed.
 *
 * It counts as pgbench does: committed transactions a second without the connection time, latency from BEGIN to the
 * answer to COMMIT. Isolation is PostgreSQL's default. All clients are in this process.
 *
 * It omits the ledger's other work: signatures, endorsements, contract logic, copies for other organisations, and
 * history.
 *
 * @throws Error if there is no PostgreSQL, or it refuses something; its message never has the connection's password
 */
export async function measurePostgres(input: PostgresInput): Promise<PostgresMeasured> {
  const { connection, clients, signal } = input;
  if (connection !== undefined) return measureOn(configOf(connection), input);
  const server = await startPostgres({ clients, signal });
  try {
    return await measureOn(server.connection, input);
  } finally {
    await server.stop();
  }
}

async function measureOn(config: ClientConfig, input: PostgresInput): Promise<PostgresMeasured> {
  try {
    return await replayOn(config, input);
  } catch (cause) {
    input.signal.throwIfAborted();
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The records were not written to PostgreSQL: ${what}`, { cause });
  }
}

async function replayOn(config: ClientConfig, input: PostgresInput): Promise<PostgresMeasured> {
  const { replay, workload, clients, signal } = input;
  const observer = await connect(config);
  try {
    const table = await createTable(observer, replay.initial);
    try {
      const logBefore = await valueOf(observer, 'SELECT pg_current_wal_lsn()');
      const outcome = await runClients({ config, table: table.name, replay, count: clients, signal });
      const logBytes = await valueOf(observer, 'SELECT pg_current_wal_lsn() - $1::pg_lsn', [logBefore]);
      const tableBytes = await valueOf(observer, 'SELECT pg_total_relation_size($1::regclass)', [table.name]);
      const version = await valueOf(observer, 'SHOW server_version');
      const fsync = await valueOf(observer, 'SHOW fsync');
      const synchronousCommit = await valueOf(observer, 'SHOW synchronous_commit');
      return {
        run: {
          network: 'postgres',
          workload,
          clients,
          ...figuresOf(outcome),
          parameters: { tableBytes: Number(tableBytes), logBytes: Number(logBytes) },
        },
        server: `PostgreSQL ${version}, fsync ${fsync}, synchronous_commit ${synchronousCommit}`,
      };
    } finally {
      await table.drop();
    }
  } finally {
    await observer.end();
  }
}

async function valueOf(client: Client, text: string, values: unknown[] = []): Promise<string> {
  const { rows } = await client.query<unknown[]>({ text, values, rowMode: 'array' });
  return String(rows[0]?.[0]);
}

type Figures = Omit<Run, 'network' | 'workload' | 'clients' | 'parameters'> & {
  readonly transactions: number;
};

function figuresOf({ latenciesMs, failed, elapsedMs }: ClientsOutcome): Figures {
  const sorted = [...latenciesMs].sort((one, other) => one - other);
  const { length } = sorted;
  const at = (part: number): number | null => {
    const latency = percentile(sorted, part);
    return latency === null ? null : rounded(latency);
  };
  return {
    tps: length === 0 ? 0 : rounded((length * 1000) / elapsedMs),
    transactions: length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    failed,
    // Nothing else can fail: a refusal of PostgreSQL ends the replay.
    conflicts: failed,
  };
}
