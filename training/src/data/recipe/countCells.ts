import type { RawTable } from '../rawTable.js';
import { blocksOf, columnsOf } from '../rowTable.js';

/** What is counted of one column. */
export interface Counts {
  /** Rows by the code of their level; empty for numbers. */
  readonly byLevel: Float64Array;
  /** Rows without a value. */
  missing: number;
}

/** One pass over the rows. By column, the target last. */
export function countCells(table: RawTable): Counts[] {
  const width = table.columns.length;
  const counts = table.columns.map(({ levels }) => ({
    byLevel: new Float64Array(levels?.length ?? 0),
    missing: 0,
  }));
  for (const cells of blocksOf(table, width)) {
    counts.forEach((count, place) => {
      for (let cell = place; cell < cells.length; cell += width) countCell(count, cells[cell]!);
    });
  }
  return counts;
}

function countCell(count: Counts, value: number): void {
  if (Number.isNaN(value)) count.missing += 1;
  else if (count.byLevel.length > 0) count.byLevel[value]! += 1;
}

/** The medians of columns' values, by place. */
export function mediansOf(table: RawTable, places: readonly number[]): ReadonlyMap<number, number> {
  const medians = new Map<number, number>();
  for (const column of columnsOf(table, table.columns.length, places))
    medians.set(places[medians.size] ?? 0, medianOf(column));
  return medians;
}

function medianOf(column: Float64Array): number {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
