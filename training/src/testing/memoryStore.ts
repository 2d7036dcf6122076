import type { RowBlock } from '../data/rowBlock.js';
import type { RowStore } from '../data/rowTable.js';

/** Rows in memory, for tests: any rows in one reading. */
export class MemoryStore implements RowStore {
  readonly #cells: number[] = [];
  #width = 0;

  append({ rows, cells }: RowBlock): void {
    this.#width = cells.length / rows;
    for (const cell of cells) this.#cells.push(cell);
  }

  read(first: number, cells: Float64Array): void {
    const start = first * this.#width;
    cells.set(this.#cells.slice(start, start + cells.length));
  }
}
