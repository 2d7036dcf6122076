import Papa from 'papaparse';
import { TrainingError, type TrainingErrorCode } from '../errors.js';
import { columnName, isUsableName, unseenCharacter } from './columnName.js';
import { MAX_FEATURES, MAX_MAGNITUDE, MAX_ROWS_IN_MEMORY, MIN_ROWS } from './limits.js';

/** A numeric table: features and the target, in input units. */
export interface Table {
  /** Where it came from, for messages. */
  readonly source: string;
  /** Name of the column to predict. */
  readonly target: string;
  /** Names of the features, in the order of the file. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly features: number;
  /** rows × features, row-major. */
  readonly values: Float64Array;
  readonly targets: Float64Array;
}

/** Choices of {@link parseTable}. */
export interface TableOptions {
  /** Column to predict; `target` when left out. */
  readonly target?: string;
  /** Name of the file, for messages. */
  readonly source?: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/**
 * Reads CSV text with a header line into a numeric table. Rows in messages are counted as in a spreadsheet: the
 * header is row 1. Names are compared, and given back, in Unicode's form NFC without space around them.
 * @throws TrainingError VT7001 to VT7010, VT7012: unreadable, no target, bad column name, text cell, missing value,
 * number out of range, constant column, fewer than 30 or more than 100000 rows, not 1 to 32 features, a name with a
 * character that cannot be seen.
 */
export function parseTable(csv: string, options: TableOptions = {}): Table {
  const source = options.source ?? 'table';
  const target = columnName(options.target ?? 'target');
  const records = readRecords(csv, source);
  const header = (records[0] ?? []).map(columnName);
  checkHeader(header, target, source);
  checkRowCount(records.length - 1, source, MAX_ROWS_IN_MEMORY);
  const table = fillTable(records, header, target, source);
  checkVariation(table);
  return table;
}

/** The cells of CSV text, header first, as many in every record. @throws TrainingError VT7001 */
export function readRecords(csv: string, source: string): string[][] {
  const parsed = Papa.parse<string[]>(csv.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const problem = parsed.errors.find((error) => error.code !== 'UndetectableDelimiter');
  if (problem !== undefined) refuseUnreadable(source, problem.row ?? 0, problem.message);
  const width = parsed.data[0]?.length ?? 0;
  const ragged = parsed.data.findIndex((record) => record.length !== width);
  if (ragged > 0) refuseRagged(source, ragged, parsed.data[ragged]?.length ?? 0, width);
  return parsed.data;
}

/** @param record its number, the header being 0 */
export function refuseUnreadable(source: string, record: number, why: string): never {
  const row = record + 1;
  throw new TrainingError('VT7001', `${source}, row ${String(row)}: ${why}`, { source, row });
}

/** @param record its number, the header being 0 */
export function refuseRagged(source: string, record: number, cells: number, columns: number): never {
  const row = record + 1;
  const what = `${source}, row ${String(row)}: ${String(cells)} cells under a header of ${String(columns)}`;
  throw new TrainingError('VT7001', what, { source, row, cells, columns });
}

/** @throws TrainingError VT7002, VT7003, VT7010, VT7012 */
export function checkHeader(header: readonly string[], target: string, source: string): void {
  header.forEach((column, index) => {
    if (!isUsableName(column)) {
      const what = `${source}: column ${String(index + 1)} has no usable name`;
      throw new TrainingError('VT7003', what, { source, column: index + 1 });
    }
    refuseUnseen(column, source, index + 1);
    if (header.indexOf(column) !== index) {
      throw new TrainingError('VT7003', `${source}: two columns are named "${column}"`, { source, column });
    }
  });
  if (!header.includes(target)) {
    const what = `${source} has no column "${target}"; it has ${header.map((column) => `"${column}"`).join(', ')}`;
    throw new TrainingError('VT7002', what, { source, target });
  }
  const features = header.length - 1;
  if (features < 1 || features > MAX_FEATURES) {
    const what = `${source} has ${String(features)} feature columns beside "${target}"`;
    throw new TrainingError('VT7010', what, { source, features, least: 1, most: MAX_FEATURES });
  }
}

function refuseUnseen(name: string, source: string, column: number): void {
  const character = unseenCharacter(name);
  if (character === undefined) return;
  const what = `${source}: the name of column ${String(column)} has a character that cannot be seen, ${character}`;
  throw new TrainingError('VT7012', what, { source, column, character });
}

/** @throws TrainingError VT7008, VT7009 */
export function checkRowCount(rows: number, source: string, most: number): void {
  const what = `${source} has ${String(rows)} rows`;
  if (rows < MIN_ROWS) throw new TrainingError('VT7008', what, { source, rows, least: MIN_ROWS });
  if (rows > most) throw new TrainingError('VT7009', what, { source, rows, most });
}

function fillTable(
  records: readonly string[][],
  header: readonly string[],
  target: string,
  source: string,
): Table {
  const columns = header.filter((column) => column !== target);
  const targetIndex = header.indexOf(target);
  const rows = records.length - 1;
  const values = new Float64Array(rows * columns.length);
  const targets = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let next = row * columns.length;
    (records[row + 1] ?? []).forEach((cell, index) => {
      const value = readNumber(cell.trim(), source, row + 2, header[index] ?? '');
      if (index === targetIndex) targets[row] = value;
      else values[next++] = value;
    });
  }
  return { source, target, columns, rows, features: columns.length, values, targets };
}

/** A cell as a number. @throws TrainingError VT7004, VT7005, VT7006 */
export function readNumber(cell: string, source: string, row: number, column: string): number {
  if (!NUMBER.test(cell)) refuseText(cell, source, row, column);
  const value = Number(cell);
  if (!(Math.abs(value) <= MAX_MAGNITUDE)) refuseCell('VT7006', 'out of range', source, row, column);
  return value + 0; // no negative zero
}

function refuseText(cell: string, source: string, row: number, column: string): never {
  if (MISSING.has(cell.toLowerCase())) return refuseCell('VT7005', 'no value', source, row, column);
  return refuseCell('VT7004', 'not a number', source, row, column);
}

function refuseCell(
  code: TrainingErrorCode,
  why: string,
  source: string,
  row: number,
  column: string,
): never {
  const where = `${source}, row ${String(row)}, column "${column}"`;
  throw new TrainingError(code, `${where}: ${why}`, { source, row, column });
}

function checkVariation(table: Table): void {
  const { rows, features, values, targets, source } = table;
  for (let feature = 0; feature < features; feature++) {
    let varies = false;
    for (let row = 1; row < rows && !varies; row++)
      varies = values[row * features + feature] !== values[feature];
    if (!varies) refuseConstant(source, table.columns[feature] ?? '');
  }
  if (targets.every((value) => value === targets[0])) refuseConstant(source, table.target);
}

/** @throws TrainingError VT7007 */
export function refuseConstant(source: string, column: string): never {
  throw new TrainingError('VT7007', `${source}: column "${column}" has one value in every row`, {
    source,
    column,
  });
}
