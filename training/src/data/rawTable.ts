import type { RowStore } from './rowTable.js';

/** A column as it was read. */
export interface RawColumn {
  readonly name: string;
  /** Its different texts, or codes in their place, in the order of the numbers that stand for them; undefined for a column of numbers. */
  readonly levels: readonly string[] | undefined;
  /** Where its levels are codes for texts: the texts, in the same order. */
  readonly texts?: readonly string[];
}

/**
 * A table as it was read, before a recipe makes features of it. A cell is a number, the code of its text in a column that has
 * levels, or NaN where there is no value.
 */
export interface RawTable extends Pick<RowStore, 'read'> {
  /** Where it came from, for messages. */
  readonly source: string;
  /** The columns in the order of the file, the target last. */
  readonly columns: readonly RawColumn[];
  /** How many rows. */
  readonly rows: number;
  /** The target of each row. */
  readonly targets: Float64Array;
}

/** Some rows of a table, in the order given. */
export function someRows(table: RawTable, rows: Uint32Array): RawTable {
  const width = table.columns.length;
  return {
    ...table,
    rows: rows.length,
    targets: Float64Array.from(rows, (row) => table.targets[row] ?? 0),
    read: (first, cells) => {
      for (let place = 0; place < cells.length / width; place++)
        table.read(rows[first + place] ?? 0, cells.subarray(place * width, (place + 1) * width));
    },
  };
}
