import type { RowBlock, RowVisitor } from './rowBlock.js';

/** A column with more different values in the whole table holds numbers, not categories. */
export const MOST_VALUES = 16;
/** What is counted of one column of a subset, in standardised units. */
export interface ColumnCells {
  /** Rows by value; undefined once there were more than {@link MOST_VALUES} values. */
  readonly values: ReadonlyMap<number, number> | undefined;
  /** The value farthest from the table's mean, and the sum of all squares. */
  readonly farthest: number;
  readonly squares: number;
}

/** Counts the cells of a subset while its rows go by, with memory that does not depend on their number. */
export class CellCounter implements RowVisitor {
  #columns: ColumnCounter[] = [];

  begin(features: number): void {
    this.#columns = Array.from({ length: features + 1 }, () => new ColumnCounter());
  }

  rows({ rows, cells }: RowBlock): void {
    const width = this.#columns.length;
    this.#columns.forEach((column, place) => {
      for (let row = 0; row < rows; row++) column.add(cells[row * width + place]!);
    });
  }

  /** By column, the target last. */
  cells(): ColumnCells[] {
    return this.#columns.map((column) => column.cells());
  }
}

class ColumnCounter {
  #values: Map<number, number> | undefined = new Map();
  #farthest = 0;
  #squares = 0;

  add(value: number): void {
    this.#count(value);
    if (Math.abs(value) > Math.abs(this.#farthest)) this.#farthest = value;
    this.#squares += value * value;
  }

  cells(): ColumnCells {
    return { values: this.#values, farthest: this.#farthest, squares: this.#squares };
  }

  #count(value: number): void {
    const values = this.#values;
    if (values === undefined) return;
    values.set(value, (values.get(value) ?? 0) + 1);
    if (values.size > MOST_VALUES) this.#values = undefined;
  }
}
