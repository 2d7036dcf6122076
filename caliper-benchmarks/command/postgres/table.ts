import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { chunksOf } from '../../workloads/chunks.js';
import type { Row } from './replay.js';

/** The one table, in a separate schema that is dropped at the end. */
export interface RecordTable {
  /** The name in SQL, with its schema. */
  readonly name: string;
  drop(): Promise<void>;
}

const rowsPerInsert = 1_000;

/** Creates and fills the table in the way of pgbench: vacuumed and analysed. */
export async function createTable(client: Client, rows: readonly Row[]): Promise<RecordTable> {
  const schema = `veritrain_caliper_${randomBytes(4).toString('hex')}`;
  const name = `${schema}.record`;
  await client.query(`CREATE SCHEMA ${schema}`);
  const drop = async (): Promise<void> => {
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
  };
  try {
    await client.query(
      `CREATE TABLE ${name} (key text COLLATE "C" PRIMARY KEY, value bytea NOT NULL, version bigint NOT NULL)`,
    );
    for (const part of chunksOf(rows, rowsPerInsert)) await client.query(upsertInto(name), columnsOf(part));
    await client.query(`VACUUM ANALYZE ${name}`);
  } catch (error) {
    await drop();
    throw error;
  }
  return { name, drop };
}

export const upsertInto = (table: string): string =>
  `INSERT INTO ${table} (key, value, version) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[])
   ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version`;

/** The parameters of `upsertInto` for some rows. */
export const columnsOf = (rows: readonly Row[]): unknown[][] => [
  rows.map(({ key }) => key),
  rows.map(({ value }) => Buffer.from(value)),
  rows.map(({ version }) => version),
];
