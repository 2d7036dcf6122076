import { TrainingError } from '../errors.js';
import { namesOf, refuseDouble, refuseRagged } from './checks.js';
import { columnName } from './columnName.js';
import { checkCsvOptions, type CsvOptions, type Recognised } from './csvOptions.js';
import { readHeader } from './indexColumn.js';
import { MAX_ROWS_IN_MEMORY } from './limits.js';
import { didYouMean } from './nearestName.js';
import { NumberReader } from './numberReader.js';
import { readRecords } from './readRecords.js';
import { shown } from './shown.js';

/** Rows to predict, in input units. */
export interface FeatureRows {
  /** Where they came from, for messages. */
  readonly source: string;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** rows × features, row-major, columns in the order that was asked for. */
  readonly values: Float64Array;
  /** The target, where the table has it. */
  readonly targets?: Float64Array;
  /** Columns of the table that nobody asked for, but for leading ones without a name. */
  readonly ignored: readonly string[];
}

/** Choices of {@link parseRows}. */
export interface RowsOptions extends CsvOptions {
  /** Columns to read, found by name in any order. */
  readonly columns: readonly string[];
  /** Read too where it is there. */
  readonly target?: string | undefined;
  /** Name of the file, for messages. */
  readonly source?: string | undefined;
}

/**
 * Reads the named columns of a CSV text, or a file's bytes, with a header line: 1 to 100000 rows, constant columns allowed.
 * How it is written is recognised as in `parseTable`, numbers by the named columns; rows in messages are counted as there.
 * @throws TrainingError VT7001 unreadable or no row, VT7003 a column named twice, VT7004 text cell, VT7005 missing value,
 * VT7006 number out of range, VT7009 too many rows, VT7011 a column is missing, VT7013 cells with two readings, VT7501
 */
export function parseRows(csv: string | Uint8Array, options: RowsOptions): FeatureRows & Recognised {
  checkCsvOptions(options);
  const columns = options.columns.map(columnName);
  const target = options.target === undefined ? undefined : columnName(options.target);
  const { source = 'table' } = options;
  const read = readRecords(csv, { ...options, source, expected: columns });
  const [first = [], ...records] = read.records;
  const rows = records.length;
  checkRows(rows, source);
  const { names, leftOut } = readHeader(first, records[0]?.length ?? 0, options.index);
  const width = leftOut + names.length;
  records.forEach((record, row) => {
    if (record.length !== width) refuseRagged(source, row + 1, record.length, width);
  });
  const wanted = columns.map((column) => placeOf(column, names, source));
  const hasTarget = target !== undefined && names.includes(target);
  if (hasTarget) wanted.push(placeOf(target, names, source));
  const numbers = new NumberReader(source, options);
  const cells = records.map((record, row) =>
    Float64Array.from(wanted, (place) =>
      numbers.read(record[leftOut + place]?.trim() ?? '', row + 2, names[place] ?? ''),
    ),
  );
  numbers.end();
  const values = new Float64Array(rows * columns.length);
  const targets = new Float64Array(rows);
  cells.forEach((row, index) => {
    numbers.settle(row);
    values.set(row.subarray(0, columns.length), index * columns.length);
    targets[index] = row[columns.length] ?? 0;
  });
  const ignored = names.filter((_, place) => !wanted.includes(place));
  const reading = { ...read.reading(), ...numbers.reading, leftOut };
  const found = { source, rows, features: columns.length, values, ignored, reading };
  return hasTarget ? { ...found, targets } : found;
}

function checkRows(rows: number, source: string): void {
  if (rows < 1) throw new TrainingError('VT7001', `${source} has no row`, { source });
  if (rows > MAX_ROWS_IN_MEMORY) {
    const facts = { source, rows, most: MAX_ROWS_IN_MEMORY };
    throw new TrainingError('VT7009', `${source} has ${String(rows)} rows`, facts);
  }
}

function placeOf(column: string, header: readonly string[], source: string): number {
  const place = header.indexOf(column);
  if (place < 0) {
    const near = didYouMean(column, header);
    const what = `${source} has no column ${shown(column)}; it has ${namesOf(header)}${near}`;
    throw new TrainingError('VT7011', what, { source, column });
  }
  if (header.lastIndexOf(column) !== place) refuseDouble(column, source);
  return place;
}
