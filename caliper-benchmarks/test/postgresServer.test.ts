import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LedgerBlock } from '../command/blocks/ledgerBlock.js';
import { readBlocks } from '../command/blocks/readBlocks.js';
import type { PostgresServer } from '../command/postgres/server.js';
import { replayOf, type Replay } from '../command/postgres/replay.js';
import { startPreparedLedger } from './support/preparedLedger.js';
import { describePostgres } from './support/postgres.js';

describePostgres('the records of a market in PostgreSQL', () => {
  const { signal } = new AbortController();
  const clients = 8;
  let server: PostgresServer;
  let blocks: LedgerBlock[];
  let replay: Replay;

  beforeAll(async () => {
    const market = await startPreparedLedger({ tickPeriodMs: 10_000 });
    try {
      await Promise.all([1, 2, 3].map(() => market.play({ subsets: 2, replicas: 3, rounds: 2 })));
      blocks = [];
      for await (const block of readBlocks(market.organization, { from: 0n })) blocks.push(block);
      const all = blocks.flatMap(({ transactions }) => transactions);
      const begin = all.findIndex((each) => each.function === 'RegisterDataset');
      const transactionIds = new Set(all.slice(begin).map(({ id }) => id));
      replay = await replayOf({ blocks, chaincode: market.chaincode, transactionIds });
    } finally {
      await market.stop();
    }
    const { startPostgres } = await import('../command/postgres/server.js');
    server = await startPostgres({ clients, signal });
  });
  afterAll(() => server?.stop());

  const measure = async (given: Replay, connection?: string) => {
    const { measurePostgres } = await import('../command/postgres/measure.js');
    return measurePostgres({
      replay: given,
      workload: 'mix',
      clients,
      connection,
      signal,
    });
  };
  /** The server's address, as a user of another server would give it. */
  const connectionString = (): string =>
    `postgresql://postgres:not-asked-for@/postgres?host=${encodeURIComponent(server.connection.host!)}`;

  it('are in the end those of the ledger, with as many transactions committed', async () => {
    const { connect } = await import('../command/postgres/connect.js');
    const { createTable } = await import('../command/postgres/table.js');
    const { runClients } = await import('../command/postgres/clients.js');
    const observer = await connect(server.connection);
    try {
      const table = await createTable(observer, replay.initial);
      const input = { config: server.connection, table: table.name, replay, count: clients, signal };
      const outcome = await runClients(input);
      expect(outcome.failed).toBe(0);
      expect(outcome.latenciesMs).toHaveLength(replay.transactions.length);
      const state = new Map<string, Buffer>();
      for (const { transactions } of blocks)
        for (const { code, chaincode, writes } of transactions)
          for (const { key, value } of code === 0 && chaincode === 'chaincode' ? writes : [])
            if (value === null) state.delete(key);
            else state.set(key, Buffer.from(value));
      const { rows } = await observer.query<{ key: string; value: Buffer }>(
        `SELECT key, value FROM ${table.name}`,
      );
      const found = new Map(rows.map(({ key, value }) => [key.replaceAll('\u001f', '\0'), value]));
      expect(found).toEqual(state);
      expect(state.size).toBeGreaterThan(replay.initial.length);
      await table.drop();
    } finally {
      await observer.end();
    }
  });

  it('give a row of results, on the server that a connection string names', async () => {
    const { run, server: described } = await measure(replay, connectionString());
    expect(run).toMatchObject({ network: 'postgres', workload: 'mix', clients, failed: 0, conflicts: 0 });
    expect(run.transactions).toBe(replay.transactions.length);
    expect(described).toMatch(/^PostgreSQL [\d.]+ .*fsync on, synchronous_commit on$/);
    expect(run.tps).toBeGreaterThan(0);
    expect(run.p50Ms!).toBeLessThanOrEqual(run.p95Ms!);
    expect(run.parameters.tableBytes).toBeGreaterThan(8_192);
    expect(run.parameters.logBytes).toBeGreaterThan(8_192);
  });

  it('are on a server of their own otherwise, which leaves nothing behind', async () => {
    const few = { ...replay, transactions: replay.transactions.slice(0, 10) };
    expect((await measure(few)).run).toMatchObject({ failed: 0, transactions: 10 });
  });

  it('count as failed what finds another version than the ledger had', async () => {
    const [first, ...others] = replay.transactions;
    const reads = first!.reads.map(({ key, version }) => ({ key, version: (version ?? 0) + 1 }));
    const altered = { ...replay, transactions: [{ ...first!, reads, puts: [] }, ...others] };
    const { run } = await measure(altered, connectionString());
    const { failed, conflicts } = run;
    expect(failed).toBeGreaterThan(0);
    expect(conflicts).toBe(failed);
    expect(run.transactions).toBe(replay.transactions.length - failed);
  });

  it('end with what the server refuses, and tell no password', async () => {
    const refused = async (connection: string): Promise<string> =>
      measure(replay, connection).then(
        () => 'accepted',
        (error: unknown) => (error as Error).message,
      );
    const nowhere = connectionString().replace('/postgres?', '/nowhere?');
    expect(await refused(nowhere)).toBe(
      'The records were not written to PostgreSQL: database "nowhere" does not exist',
    );
    for (const wrong of ['host=db password=secret', 'postgresql://user:secret@[db/postgres'])
      expect(await refused(wrong)).toMatch(/^--postgres takes a connection string/);
    const closed = await refused('postgresql://user:secret@127.0.0.1:1/postgres');
    expect(closed).toContain('ECONNREFUSED');
    expect(closed).not.toContain('secret');
  });

  it('stop with the command that is interrupted', async () => {
    const { measurePostgres } = await import('../command/postgres/measure.js');
    const interrupted = AbortSignal.abort(new Error('Interrupted.'));
    const input = { replay, workload: 'mix', clients, signal: interrupted } as const;
    await expect(measurePostgres(input)).rejects.toThrow('Interrupted.');
  });

  it('leave no data of a server that was stopped', async () => {
    const { startPostgres } = await import('../command/postgres/server.js');
    const other = await startPostgres({ clients: 1, signal });
    const folder = other.connection.host!;
    expect(existsSync(folder)).toBe(true);
    await other.stop();
    expect(existsSync(folder)).toBe(false);
  });
});
