import type { Recipe } from './recipe/recipe.js';
import { BLOCK_ROWS, type RowBlock } from './rowBlock.js';

/** Where rows lie that are too many for memory. A row is features + 1 doubles, the target last. */
export interface RowStore {
  /** Adds rows behind those that are there; all blocks have the same width. */
  append(block: RowBlock): void;
  /** Fills `cells` with rows one behind the other, from row `first` on. */
  read(first: number, cells: Float64Array): void;
}

/** A table of features in input units, as splits read it: the targets in memory, the rows wherever they lie. */
export interface RowTable extends Pick<RowStore, 'read'> {
  /** Where it came from, for messages. */
  readonly source: string;
  /** Name of the column to predict. */
  readonly target: string;
  /** Names of the features, in the order of the file. */
  readonly columns: readonly string[];
  /** How its columns became features; absent where each is one as it is. */
  readonly recipe?: Recipe | undefined;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** The target of each row. */
  readonly targets: Float64Array;
}

/** The rows of a table in blocks, one behind the other: each of rows × `width` cells, overwritten by the next. */
export function* blocksOf(
  { rows, read }: Pick<RowTable, 'rows' | 'read'>,
  width: number,
): Generator<Float64Array> {
  const buffer = new Float64Array(Math.min(rows, BLOCK_ROWS) * width);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const cells = buffer.subarray(0, Math.min(BLOCK_ROWS, rows - first) * width);
    read(first, cells);
    yield cells;
  }
}

/** Most numbers of columns that are in memory at a time: 128 MB. */
const COLUMN_CELLS = 2 ** 24;

/** Columns of all rows one after the other, in the order of `places`. One pass over the rows for as many as memory holds. */
export function* columnsOf(
  table: Pick<RowTable, 'rows' | 'read'>,
  width: number,
  places: readonly number[],
): Generator<Float64Array> {
  const atOnce = Math.max(1, Math.floor(COLUMN_CELLS / table.rows));
  for (let first = 0; first < places.length; first += atOnce) {
    const some = places.slice(first, first + atOnce);
    const columns = some.map(() => new Float64Array(table.rows));
    let row = 0;
    for (const cells of blocksOf(table, width)) {
      for (let start = 0; start < cells.length; start += width, row++)
        some.forEach((place, index) => ((columns[index] ?? [])[row] = cells[start + place]!));
    }
    yield* columns;
  }
}

/** The same table with its rows in memory. */
export function inMemory({
  read,
  ...table
}: RowTable): Omit<RowTable, 'read'> & { readonly values: Float64Array } {
  const width = table.features + 1;
  const values = new Float64Array(table.rows * table.features);
  const row = new Float64Array(width);
  for (let index = 0; index < table.rows; index++) {
    read(index, row);
    values.set(row.subarray(0, table.features), index * table.features);
  }
  return { ...table, values };
}
