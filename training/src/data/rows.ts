import { TrainingError } from '../errors.js';
import { columnName } from './columnName.js';
import { MAX_ROWS_IN_MEMORY } from './limits.js';
import { readNumber, readRecords } from './table.js';

/** Rows to predict, in input units. */
export interface FeatureRows {
  readonly source: string;
  readonly rows: number;
  readonly features: number;
  /** rows × features, row-major, columns in the order that was asked for. */
  readonly values: Float64Array;
  /** The target, where the table has it. */
  readonly targets?: Float64Array;
  /** Columns of the table that nobody asked for. */
  readonly ignored: readonly string[];
}

/** Choices of {@link parseRows}. */
export interface RowsOptions {
  /** Columns to read, found by name in any order. */
  readonly columns: readonly string[];
  /** Read too where it is there. */
  readonly target?: string;
  /** Name of the file, for messages. */
  readonly source?: string;
}

/**
 * Reads the named columns of CSV text with a header line: 1 to 100000 rows, constant columns allowed. Rows in messages are
 * counted as in {@link parseTable}.
 * @throws TrainingError VT7001 unreadable or no row, VT7003 a column named twice, VT7004 text cell, VT7005 missing value,
 * VT7006 number out of range, VT7009 too many rows, VT7011 a column is missing
 */
export function parseRows(csv: string, options: RowsOptions): FeatureRows {
  const columns = options.columns.map(columnName);
  const target = options.target === undefined ? undefined : columnName(options.target);
  const source = options.source ?? 'table';
  const records = readRecords(csv, source);
  const header = (records[0] ?? []).map(columnName);
  const rows = records.length - 1;
  if (rows < 1) throw new TrainingError('VT7001', `${source} has no row`, { source });
  if (rows > MAX_ROWS_IN_MEMORY)
    throw new TrainingError('VT7009', `${source} has ${String(rows)} rows`, {
      source,
      rows,
      most: MAX_ROWS_IN_MEMORY,
    });
  const places = columns.map((column) => placeOf(column, header, source));
  const hasTarget = target !== undefined && header.includes(target);
  const read = (place: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) =>
      readNumber(records[row + 1]?.[place]?.trim() ?? '', source, row + 2, header[place] ?? ''),
    );
  const byColumn = places.map(read);
  const values = new Float64Array(rows * columns.length);
  byColumn.forEach((column, feature) => {
    column.forEach((value, row) => (values[row * columns.length + feature] = value));
  });
  const ignored = header.filter((column) => !columns.includes(column) && !(hasTarget && column === target));
  const found = { source, rows, features: columns.length, values, ignored };
  return hasTarget ? { ...found, targets: read(placeOf(target, header, source)) } : found;
}

function placeOf(column: string, header: readonly string[], source: string): number {
  const place = header.indexOf(column);
  if (place < 0) {
    const what = `${source} has no column "${column}"; it has ${header.map((name) => `"${name}"`).join(', ')}`;
    throw new TrainingError('VT7011', what, { source, column });
  }
  if (header.lastIndexOf(column) === place) return place;
  throw new TrainingError('VT7003', `${source}: two columns are named "${column}"`, { source, column });
}
