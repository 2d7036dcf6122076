import { refuseRows } from './checks.js';
import { columnName } from './columnName.js';
import type { CsvOptions } from './csvOptions.js';
import { checkTableOptions, finishTable, type ReadFacts } from './finishTable.js';
import type { HeldOutChoice } from './heldOut.js';
import { MAX_CELLS_IN_MEMORY, MAX_ROWS_IN_MEMORY } from './limits.js';
import { readRecords } from './readRecords.js';
import type { RecipeChoices } from './recipe/choices.js';
import type { CodeChoice } from './recipe/codeLevels.js';
import type { Recipe } from './recipe/recipe.js';
import { RowCollector } from './rowCollector.js';
import { inMemory, type RowStore } from './rowTable.js';

/** A table of features and the target, in input units. */
export interface Table {
  /** Where it came from, for messages. */
  readonly source: string;
  /** Name of the column to predict. */
  readonly target: string;
  /** Names of the features, in the order of the file. */
  readonly columns: readonly string[];
  /** How the file's columns became features; absent where each is one as it is. */
  readonly recipe?: Recipe | undefined;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** rows × features, row-major. */
  readonly values: Float64Array;
  /** The target of each row. */
  readonly targets: Float64Array;
}

/** Choices of {@link parseTable}. */
export interface TableOptions extends CsvOptions, RecipeChoices {
  /** Column to predict; `target` when left out. */
  readonly target?: string | undefined;
  /** Rows to set aside, for figures on rows that nobody trained on. */
  readonly heldOut?: HeldOutChoice | undefined;
  /** Columns of texts whose levels the recipe is to name by codes. Default: none. */
  readonly codes?: CodeChoice | undefined;
  /** Name of the file, for messages. */
  readonly source?: string | undefined;
}

/**
 * Reads a CSV text, or a file's bytes (gzip too), with a header line into a table of features. Delimiter, decimal mark and
 * mark between thousands are given, or recognised from the whole table. Columns of text become flags by a {@link Recipe}.
 * Rows in messages are counted as in a spreadsheet: the header is row 1. Names are compared, and given back, in Unicode's
 * form NFC without space around them.
 * @throws TrainingError VT7001 to VT7016: unreadable, no target, bad column name, a text among numbers or a number among
 * texts, missing value, number out of range, constant column, fewer than 30 or more than 100000 rows, not 1 to 1024 features,
 * a chosen column that is not there, a character that cannot be seen, cells with two readings, a target of one text or of
 * three, too many different texts, a date; VT7501 for options that contradict each other
 */
export function parseTable(csv: string | Uint8Array, options: TableOptions = {}): Table & ReadFacts {
  checkTableOptions(options);
  const { source = 'table' } = options;
  const target = columnName(options.target ?? 'target');
  const store = new MemoryStore();
  const rows = new RowCollector(store, { ...options, source, target, most: mostRowsInMemory });
  const { reading, records } = readRecords(csv, { ...options, source, expected: [target] });
  for (const record of records) rows.add(record);
  const { table, ...facts } = finishTable(rows.end(), options);
  const most = mostRowsInMemory(table.features + 1);
  if (table.rows > most) refuseRows(source, most, table.features + 1);
  return { ...inMemory(table), ...facts, reading: { ...reading(), ...rows.reading } };
}

/** Most rows of so many columns that are read whole. */
export const mostRowsInMemory = (columns: number): number =>
  Math.min(MAX_ROWS_IN_MEMORY, Math.floor(MAX_CELLS_IN_MEMORY / columns));

/** Rows in memory. */
class MemoryStore implements RowStore {
  readonly #blocks: Float64Array[] = [];
  #blockRows = 0;

  append({ rows, cells }: Parameters<RowStore['append']>[0]): void {
    this.#blockRows ||= rows;
    this.#blocks.push(Float64Array.from(cells));
  }

  /** One row at a time. */
  read(row: number, cells: Float64Array): void {
    const start = (row % this.#blockRows) * cells.length;
    const block = this.#blocks[Math.floor(row / this.#blockRows)];
    if (block !== undefined) cells.set(block.subarray(start, start + cells.length));
  }
}
