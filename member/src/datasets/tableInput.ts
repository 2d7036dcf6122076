import { basename } from 'node:path';
import { plainCsvText, type CsvOptions } from '@veritrain/training';
import { memberError } from '../errors/memberError.js';
import { maxTableBytes, readUserBytes, streamUserFile } from '../home/userInput.js';
import { parquetBytes, parquetFile, wholeText, type Needs } from './parquetInput.js';

/** The values of a row, by column: numbers, texts of a category, `null` for no value. */
export type Row = Readonly<Record<string, number | string | boolean | null>>;

/** A table: the path of a CSV or Parquet file, its bytes, a stream of them, or rows that all have the same columns. */
export type TableInput = string | Uint8Array | AsyncIterable<Uint8Array> | readonly Row[];

/** A table that was opened. */
export interface OpenedTable<Bytes> {
  /** Its text. */
  readonly csv: Bytes;
  /** For messages. */
  readonly source: string;
  /** Its format, if known. */
  readonly written?: CsvOptions;
  /** Columns of text, where the file has types. */
  readonly texts?: readonly string[];
}

/**
 * Opens a table, which may be larger than memory.
 * @param needs columns whose cells are read; of a Parquet file others may hold anything. Default: all
 * @throws FILE_MISSING, NOT_A_FILE, WRONG_ARGUMENT; TrainingError VT7001, VT7017 for a Parquet file
 */
export async function openTable(
  table: TableInput,
  needs: Needs = () => true,
): Promise<OpenedTable<Uint8Array | AsyncIterable<Uint8Array>>> {
  if (typeof table !== 'string') {
    const parquet = table instanceof Uint8Array ? await parquetBytes(table, 'table', needs) : undefined;
    return parquet === undefined ? inHand(table) : { ...parquet, source: 'table' };
  }
  const source = basename(table);
  const csv = streamUserFile(table, 'table');
  const parquet = table === '-' ? undefined : await parquetFile(table, source, needs);
  return { csv, ...parquet, source };
}

/**
 * Reads a table file whole, Parquet as the CSV that it says the same as.
 * @param needs as for {@link openTable}
 * @throws FILE_MISSING, NOT_A_FILE, FILE_TOO_LARGE; TrainingError VT7001, VT7017 for a Parquet file
 */
export async function readTableFile(
  path: string,
  needs: Needs = () => true,
): Promise<OpenedTable<Uint8Array>> {
  const bytes = readUserBytes(path, 'table', maxTableBytes);
  const source = basename(path);
  const parquet = await parquetBytes(bytes, source, needs);
  return parquet === undefined
    ? { csv: bytes, source }
    : { ...parquet, csv: await wholeText(parquet, source), source };
}

/** Reads a table into memory. @throws FILE_MISSING, NOT_A_FILE, FILE_TOO_LARGE, WRONG_ARGUMENT */
export const readTableInput = (table: string | Uint8Array | readonly Row[]): OpenedTable<Uint8Array> =>
  typeof table === 'string'
    ? { csv: readUserBytes(table, 'table', maxTableBytes), source: basename(table) }
    : inHand(table);

/** The format in which rows are encoded here. */
const written: CsvOptions = { delimiter: ',', decimal: '.', thousands: 'none' };

const inHand = <Bytes extends Uint8Array | AsyncIterable<Uint8Array>>(
  table: Bytes | readonly Row[],
): OpenedTable<Bytes | Uint8Array> =>
  isRows(table) ? { csv: csvOf(table), source: 'rows', written } : { csv: table, source: 'table' };

const isRows = (table: unknown): table is readonly Row[] => Array.isArray(table);

/** @throws WRONG_ARGUMENT for no rows, differing columns, and values that are of no such kind */
function csvOf(rows: readonly Row[]): Uint8Array {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0)
    throw memberError('VT9001', 'There are no rows, or the first row has no columns.');
  return Buffer.from(
    plainCsvText(
      columns,
      rows.map((row, at) => valuesOf(row, at, columns)),
    ),
  );
}

function valuesOf(row: Row, at: number, columns: readonly string[]): (number | string)[] {
  const other = Object.keys(row).find((column) => !columns.includes(column));
  if (other !== undefined) throw wrongRow(at, other, 'is no column of row 0');
  return columns.map((column) => {
    const value: unknown = row[column];
    if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
    if (value === null) return '';
    if (typeof value === 'boolean') return String(value);
    throw wrongRow(at, column, 'is no finite number, text, boolean or null');
  });
}

const wrongRow = (row: number, column: string, why: string): Error =>
  memberError('VT9001', `In row ${row} ${column} ${why}.`, {
    facts: { row, column },
    hint: 'Give each row a value for each column of the first row; null where there is none.',
  });
