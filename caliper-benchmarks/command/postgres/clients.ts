import { performance } from 'node:perf_hooks';
import type { Client, ClientConfig } from 'pg';
import { connect } from './connect.js';
import type { Replay } from './replay.js';
import { Schedule } from './schedule.js';
import { transact } from './transact.js';

export interface ClientsInput {
  readonly config: ClientConfig;
  readonly table: string;
  readonly replay: Replay;
  /** Number of connections. */
  readonly count: number;
  readonly signal: AbortSignal;
}

export interface ClientsOutcome {
  /** Of committed transactions, from BEGIN to the answer to COMMIT, unordered. */
  readonly latenciesMs: readonly number[];
  /** Transactions that found a version other than the ledger's. */
  readonly failed: number;
  /** From the first BEGIN, with all connections open, to the last answer. */
  readonly elapsedMs: number;
}

/**
 * Sends the transactions with several clients, each one at a time. @throws Error for the first that PostgreSQL refuses
 */
export async function runClients({
  config,
  table,
  replay,
  count,
  signal,
}: ClientsInput): Promise<ClientsOutcome> {
  const schedule = new Schedule(replay.transactions.map(({ after }) => after));
  const latenciesMs: number[] = [];
  let failed = 0;
  const work = async (client: Client): Promise<void> => {
    for (let at = await schedule.next(); at !== undefined; at = await schedule.next()) {
      signal.throwIfAborted();
      const transaction = replay.transactions[at];
      if (transaction === undefined) throw new Error(`There is no transaction ${at}.`);
      const begunAt = performance.now();
      if (await transact(client, table, transaction)) latenciesMs.push(performance.now() - begunAt);
      else failed += 1;
      schedule.end(at);
    }
  };
  const clients: Client[] = [];
  try {
    for (let each = 0; each < count; each += 1) clients.push(await connect(config));
    const begunAt = performance.now();
    await Promise.all(clients.map(work));
    return { latenciesMs, failed, elapsedMs: performance.now() - begunAt };
  } finally {
    schedule.stop();
    await Promise.all(clients.map((client) => client.end()));
  }
}
