import type { RowBlock, RowVisitor } from './rowBlock.js';

/** The values of a column that has few of them in the whole table; undefined for a column of numbers. */
export type FewValues = ReadonlySet<number> | undefined;

/** The smallest cell of two columns in one subset, in standardised units. */
export interface CountedPair {
  /** Indices of the two columns, the smaller first; equal for a column with itself. */
  readonly columns: readonly [number, number];
  /** What the two columns hold in the cell, or in its farthest row. */
  readonly values: readonly [number, number];
  /** Rows, or squares over the farthest one, rounded down. */
  readonly count: number;
}

/** Counts the cells of two features of a subset while its rows go by. Memory depends on the number of columns alone. */
export class PairCounter implements RowVisitor {
  readonly #columns: readonly PairColumn[];
  readonly #pairs: readonly PairCells[];
  #width = 0;

  /** @param features the values of every feature over all subsets */
  constructor(features: readonly FewValues[]) {
    this.#columns = features.map((values) => new PairColumn(values));
    this.#pairs = this.#columns.flatMap((left, i) =>
      this.#columns.slice(i).map((right, past) => new PairCells([i, i + past], left, right)),
    );
  }

  begin(features: number): void {
    this.#width = features + 1;
  }

  /** Column by column, then pair by pair: the rows of one pair go through a short loop. */
  rows({ rows, cells }: RowBlock): void {
    this.#columns.forEach((column, place) => column.read(rows, (row) => cells[row * this.#width + place]!));
    for (const pair of this.#pairs) pair.add(rows);
  }

  /** The smallest cell of all, the first of several; undefined without a row. */
  least(): CountedPair | undefined {
    let least: CountedPair | undefined;
    for (const pair of this.#pairs) {
      const found = pair.least();
      if (found !== undefined && (least === undefined || found.count < least.count)) least = found;
    }
    return least;
  }
}

/** What a column holds in the rows of a block. */
class PairColumn {
  /** Number of cells: a column of numbers has one. */
  readonly size: number;
  values = new Float64Array(0);
  /** The cell of each row. */
  cells = new Uint8Array(0);
  /** The number that weighs each row in its cell: 1 in a column of few values. */
  weights = new Float64Array(0);
  readonly #cells: ReadonlyMap<number, number> | undefined;

  constructor(values: FewValues) {
    this.#cells = values && new Map([...values].map((value, cell) => [value, cell]));
    this.size = this.#cells?.size ?? 1;
  }

  read(rows: number, valueOf: (row: number) => number): void {
    if (this.values.length < rows) this.#grow(rows);
    for (let row = 0; row < rows; row++) {
      const value = valueOf(row);
      this.values[row] = value;
      if (this.#cells === undefined) this.weights[row] = value;
      else this.cells[row] = this.#cells.get(value) ?? 0;
    }
  }

  #grow(rows: number): void {
    this.values = new Float64Array(rows);
    this.cells = new Uint8Array(rows);
    this.weights = new Float64Array(rows).fill(1);
  }
}

/** The cells of two columns: their rows, and the squares of the products of their numbers. */
class PairCells {
  readonly #rows: Float64Array;
  readonly #squares: Float64Array;
  readonly #farthest: Float64Array;
  /** The two values of the farthest row of each cell. */
  readonly #values: Float64Array;

  constructor(
    readonly columns: readonly [number, number],
    readonly left: PairColumn,
    readonly right: PairColumn,
  ) {
    const cells = left.size * right.size;
    this.#rows = new Float64Array(cells);
    this.#squares = new Float64Array(cells);
    this.#farthest = new Float64Array(cells).fill(-1);
    this.#values = new Float64Array(2 * cells);
  }

  add(rows: number): void {
    const { left, right } = this;
    for (let row = 0; row < rows; row++) {
      const cell = left.cells[row]! * right.size + right.cells[row]!;
      const weight = left.weights[row]! * right.weights[row]!;
      const square = weight * weight;
      this.#rows[cell]! += 1;
      this.#squares[cell]! += square;
      if (square > this.#farthest[cell]!) this.#keep(row, cell, square);
    }
  }

  #keep(row: number, cell: number, square: number): void {
    this.#farthest[cell] = square;
    this.#values[2 * cell] = this.left.values[row]!;
    this.#values[2 * cell + 1] = this.right.values[row]!;
  }

  least(): CountedPair | undefined {
    let least: CountedPair | undefined;
    this.#rows.forEach((rows, cell) => {
      if (rows === 0) return;
      const count = this.#count(rows, cell);
      if (least !== undefined && least.count <= count) return;
      least = {
        columns: this.columns,
        values: [this.#values[2 * cell]!, this.#values[2 * cell + 1]!],
        count,
      };
    });
    return least;
  }

  #count(rows: number, cell: number): number {
    const farthest = this.#farthest[cell]!;
    if (farthest === 0) return rows;
    // At least the row itself, whatever rounding says.
    return Math.max(1, Math.floor(this.#squares[cell]! / farthest));
  }
}
