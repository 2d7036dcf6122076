import { TrainingError } from '../errors.js';
import { placeIn, refuseDouble, refuseRagged, refuseRows } from './checks.js';
import { columnName } from './columnName.js';
import { ColumnReader } from './columnReader.js';
import { checkCsvOptions, type CsvOptions, type Recognised } from './csvOptions.js';
import { readHeader, type Header } from './indexColumn.js';
import { NumberReader } from './numberReader.js';
import type { RawColumn } from './rawTable.js';
import { readRecords } from './readRecords.js';
import { rowWriter, targetReader } from './recipe/apply.js';
import { decodeRecipe, isCoded, textsOf, type Codebook } from './recipe/codebook.js';
import { OTHER, type Recipe } from './recipe/recipe.js';
import { shown } from './shown.js';
import { mostRowsInMemory } from './table.js';

/** Rows to predict, in input units. */
export interface FeatureRows {
  /** Where they came from, for messages. */
  readonly source: string;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** rows × features, row-major, in the order that was asked for. */
  readonly values: Float64Array;
  /** The target, where the table has it; of a target of text, the place in the recipe's classes. */
  readonly targets?: Float64Array;
  /** Columns of the table that nobody asked for, but for leading ones without a name. */
  readonly ignored: readonly string[];
  /** Texts that have no feature of their own: the recipe merged them, or training never saw them. */
  readonly otherLevels: readonly OtherLevels[];
}

/** Texts of a column that have no feature of their own. */
export interface OtherLevels {
  /** Name of the column. */
  readonly column: string;
  /** What they count as: `(other)`, or the level that is the reference. */
  readonly countedAs: string;
  /** The texts, in the order of the rows. */
  readonly levels: readonly string[];
}

/** Choices of {@link parseRows}. */
export interface RowsOptions extends CsvOptions {
  /** Names of the features. Without a recipe they are columns of the table, found by name in any order. */
  readonly columns: readonly string[];
  /** How columns become those features, as the template or the model has it. */
  readonly recipe?: Recipe | undefined;
  /** What the codes of the recipe stand for: rows may have those texts, too. Default: rows have the codes. */
  readonly codebook?: Codebook | undefined;
  /** Read too where it is there. */
  readonly target?: string | undefined;
  /** Name of the file, for messages. */
  readonly source?: string | undefined;
}

/**
 * Reads the rows of a CSV text, or a file's bytes, with a header line, as features: 1 to 100000 rows, constant columns
 * allowed. How it is written is recognised as in `parseTable`, numbers by the columns that are read; rows in messages are
 * counted as there.
 * @throws TrainingError VT7001 unreadable or no row, VT7003 a column named twice, VT7004 text cell, VT7005 missing value where
 * the recipe has no meaning for it, VT7006 number out of range, VT7009 too many rows, VT7011 a column is missing, VT7013 cells
 * with two readings, VT7014 a target of text that is neither class, VT7018 texts in a column whose levels are codes, without a
 * codebook, VT7019 a codebook of another recipe, VT7501
 */
export function parseRows(csv: string | Uint8Array, options: RowsOptions): FeatureRows & Recognised {
  checkCsvOptions(options);
  const { codebook, source = 'table' } = options;
  const recipe = recipeOf(options);
  const columns = recipe.columns.map(({ column }) => columnName(column));
  const read = readRecords(csv, { ...options, source, expected: columns });
  const { records, names, leftOut } = rectangle(read.records, source, options.index);
  const target = options.target === undefined ? undefined : columnName(options.target);
  const hasTarget = target !== undefined && names.includes(target);
  const wanted = hasTarget ? [...columns, target] : columns;
  const places = wanted.map((column) => placeOf(column, names, source));
  const numbers = new NumberReader(source, options);
  const readers = wanted.map(
    (name, place) => new ColumnReader(numbers, { source, name, ...cellsOf(recipe, place) }),
  );
  const most = mostRowsInMemory(Math.max(wanted.length, options.columns.length));
  const columnsAt = places.map((place) => leftOut + place);
  const cells = cellsIn(records, readers, columnsAt, { source, most });
  numbers.end();
  for (const row of cells) numbers.settle(row);
  const raw = wanted.map((name, place) => ({
    name,
    levels: levelsIn(readers[place]?.levels, name, codebook),
  }));
  requireCodes(recipe, raw, source);
  const made = options.madeFrom && { madeFrom: options.madeFrom };
  const found = {
    source,
    rows: cells.length,
    features: options.columns.length,
    values: featuresIn(cells, recipe, raw, options.columns.length),
    ignored: names.filter((_, place) => !places.includes(place)),
    otherLevels: otherLevelsOf(recipe, raw),
    reading: { ...made, ...read.reading(), ...numbers.reading, leftOut },
  };
  if (!hasTarget) return found;
  const targetOf = targetReader(recipe, raw.at(-1)?.levels, source);
  return { ...found, targets: Float64Array.from(cells, (row) => targetOf(row[columns.length]!)) };
}

/** The levels of rows, which may be written as codes where there is a codebook. */
function levelsIn(
  read: readonly string[] | undefined,
  column: string,
  codebook: Codebook | undefined,
): readonly string[] | undefined {
  if (codebook === undefined) return read;
  const texts = textsOf(codebook, column);
  return read?.map((level) => texts.get(level) ?? level);
}

/**
 * Texts where the model knows codes alone would all count as other texts, and the predictions would mean nothing.
 * @throws TrainingError VT7018
 */
function requireCodes({ columns }: Recipe, read: readonly RawColumn[], source: string): void {
  columns.forEach((column, place) => {
    const levels = read[place]?.levels ?? [];
    if (!isCoded(column) || levels.length === 0) return;
    const known = [column.reference, ...column.levels, OTHER];
    if (levels.some((level) => known.includes(level))) return;
    const name = column.column;
    const what = `${source}: column ${shown(name)} has none of the codes that the model knows its levels by`;
    throw new TrainingError('VT7018', what, { source, column: name, levels: levels.length });
  });
}

/** The cells of columns, row by row. @throws TrainingError of a cell; VT7009 */
function cellsIn(
  records: Iterable<string[]>,
  readers: readonly ColumnReader[],
  places: readonly number[],
  { source, most }: { readonly source: string; readonly most: number },
): Float64Array[] {
  const cells: Float64Array[] = [];
  for (const record of records) {
    if (cells.length === most) refuseRows(source, most, readers.length);
    const row = cells.length + 2;
    cells.push(
      Float64Array.from(readers, (reader, place) => reader.read((record[places[place]!] ?? '').trim(), row)),
    );
  }
  return cells;
}

/** A header and records of its width, read while they are asked for. @throws TrainingError VT7001 */
function rectangle(
  read: Iterable<string[]>,
  source: string,
  index: CsvOptions['index'],
): Header & { readonly records: Iterable<string[]> } {
  const records = read[Symbol.iterator]();
  const first = records.next();
  let next = records.next();
  if (next.done === true) throw new TrainingError('VT7001', `${source} has no row`, { source });
  const header = readHeader(first.value as string[], next.value.length, index);
  const width = header.leftOut + header.names.length;
  return { ...header, records: rest() };

  function* rest(): Generator<string[]> {
    for (let row = 1; next.done !== true; row++, next = records.next()) {
      if (next.value.length !== width) refuseRagged(source, row, next.value.length, width);
      yield next.value;
    }
  }
}

/** The recipe by the texts of rows, where the codes are known. @throws TrainingError VT7019 */
const recipeOf = ({ recipe, columns, codebook }: RowsOptions): Recipe =>
  codebook === undefined ? (recipe ?? asTheyAre(columns)) : decodeRecipe(recipe, codebook);

/** The recipe of columns that are features as they are. */
export const asTheyAre = (columns: readonly string[]): Recipe => ({
  columns: columns.map((column) => ({ column, kind: 'number' })),
});

/** How the cells of a column are read; the target stands behind the columns of the recipe. */
function cellsOf({ columns, classes }: Recipe, place: number): { kind: 'number' | 'text'; mayMiss: boolean } {
  const column = columns[place];
  if (column === undefined) return { kind: classes === undefined ? 'number' : 'text', mayMiss: false };
  if (column.kind === 'number') return { kind: 'number', mayMiss: column.missing !== undefined };
  return { kind: 'text', mayMiss: column.missing !== 'refused' };
}

function featuresIn(
  cells: readonly Float64Array[],
  recipe: Recipe,
  columns: readonly RawColumn[],
  features: number,
): Float64Array {
  const write = rowWriter(recipe, columns);
  const values = new Float64Array(cells.length * features);
  cells.forEach((row, index) => {
    write(row, values.subarray(index * features, (index + 1) * features));
  });
  return values;
}

function otherLevelsOf({ columns }: Recipe, read: readonly RawColumn[]): OtherLevels[] {
  return columns.flatMap((column, place): OtherLevels[] => {
    if (column.kind === 'number') return [];
    const own = [column.reference, ...column.levels];
    const levels = (read[place]?.levels ?? []).filter((level) => !own.includes(level));
    const countedAs = column.other ? OTHER : column.reference;
    return levels.length === 0 ? [] : [{ column: column.column, countedAs, levels }];
  });
}

function placeOf(column: string, header: readonly string[], source: string): number {
  const place = placeIn(header, column, source);
  if (header.lastIndexOf(column) !== place) refuseDouble(column, source);
  return place;
}
