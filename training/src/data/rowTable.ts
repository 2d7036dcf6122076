import { BLOCK_ROWS, type RowBlock } from './rowBlock.js';

/** Where rows lie that are too many for memory. A row is features + 1 doubles, the target last. */
export interface RowStore {
  /** Adds rows behind those that are there; all blocks have the same width. */
  append(block: RowBlock): void;
  /** Fills `cells` with rows one behind the other, from row `first` on. */
  read(first: number, cells: Float64Array): void;
}

/** A numeric table in input units, as splits read it: the targets in memory, the rows wherever they lie. */
export interface RowTable extends Pick<RowStore, 'read'> {
  /** Where it came from, for messages. */
  readonly source: string;
  /** Name of the column to predict. */
  readonly target: string;
  /** Names of the features, in the order of the file. */
  readonly columns: readonly string[];
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** The target of each row. */
  readonly targets: Float64Array;
}

/** One feature of all rows. */
export function columnOf(table: RowTable, feature: number): Float64Array {
  const width = table.features + 1;
  const column = new Float64Array(table.rows);
  const buffer = new Float64Array(Math.min(table.rows, BLOCK_ROWS) * width);
  for (let first = 0; first < table.rows; first += BLOCK_ROWS) {
    const cells = buffer.subarray(0, Math.min(BLOCK_ROWS, table.rows - first) * width);
    table.read(first, cells);
    for (let row = 0; row < cells.length / width; row++)
      column[first + row] = cells[row * width + feature] ?? 0;
  }
  return column;
}
