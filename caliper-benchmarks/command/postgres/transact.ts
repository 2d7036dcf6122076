import type { Client } from 'pg';
import { columnsOf, upsertInto } from './table.js';
import type { RowTransaction } from './replay.js';

interface ReadRow {
  readonly key: string;
  /** PostgreSQL’s bigint, which the driver returns as text. */
  readonly version: string;
}

/**
 * Sends a transaction: BEGIN, SELECT of its reads, INSERT … ON CONFLICT of its writes, DELETE, COMMIT, each only if
 * needed. Statements are prepared once for each connection.
 * @returns false if a version differs from the ledger's; then it is rolled back
 */
export async function transact(client: Client, table: string, transaction: RowTransaction): Promise<boolean> {
  const { reads, puts, deletes } = transaction;
  await client.query('BEGIN');
  try {
    if (reads.length > 0) {
      const { rows } = await client.query<ReadRow>({
        name: 'read',
        text: `SELECT key, value, version FROM ${table} WHERE key = ANY($1::text[])`,
        values: [reads.map(({ key }) => key)],
      });
      if (!areCurrent(reads, rows)) {
        await client.query('ROLLBACK');
        return false;
      }
    }
    if (puts.length > 0)
      await client.query({ name: 'put', text: upsertInto(table), values: columnsOf(puts) });
    if (deletes.length > 0)
      await client.query({
        name: 'delete',
        text: `DELETE FROM ${table} WHERE key = ANY($1::text[])`,
        values: [deletes],
      });
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function areCurrent(reads: RowTransaction['reads'], rows: readonly ReadRow[]): boolean {
  const found = new Map(rows.map(({ key, version }) => [key, Number(version)]));
  return reads.every(({ key, version }) => (found.get(key) ?? null) === version);
}
