import type { RowBlock } from '../../data/rowBlock.js';
import { cut } from '../../maps/featureMap.js';
import type { MomentSums } from '../family.js';

/** Second moments of a shard whose rows end in a 1, and what its outputs have of each feature. */
export interface OutputMoments {
  /** Features and the 1. */
  readonly width: number;
  /** XᵀX / rows, width × width, row-major. */
  readonly matrix: Float64Array;
  /** Xᵀy / rows, output by output. */
  readonly products: Float64Array;
}

/** What a row's standardised target says of its outputs: one of them has a value, all others are 0. */
export interface Outputs {
  /** How many there are. */
  readonly count: number;
  /** Which output has a value; −1 for none. */
  placeOf(target: number): number;
  /** The value. */
  valueOf(target: number): number;
}

/** Rows that are summed at a time. */
const ROWS_AT_ONCE = 32;
/** Edge of a square of sums that are made together: their rows stay in the processor's cache. */
const TILE = 4;

/**
 * Sums up second moments while rows go by, features cut to their range. Each sum takes the rows one by one in their order, so
 * that where blocks begin and end makes no difference to a bit of it. A row of no output adds to XᵀX alone: a refusal is public.
 */
export class OutputSums implements MomentSums<OutputMoments> {
  readonly #outputs: Outputs;
  #width = 0;
  #rows = 0;
  /** Whole tiles: a little more than width. */
  #edge = 0;
  /** Lower triangle of Σ x·xᵀ, by tiles. */
  #squares = new Float64Array(0);
  #products = new Float64Array(0);
  /** Some rows, feature by feature. */
  #columns = new Float64Array(0);

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  begin(features: number): void {
    this.#width = features + 1;
    this.#edge = Math.ceil(this.#width / TILE) * TILE;
    this.#squares = new Float64Array(this.#edge * this.#edge);
    this.#products = new Float64Array(this.#outputs.count * this.#width);
    this.#columns = new Float64Array(this.#edge * ROWS_AT_ONCE);
  }

  rows({ rows, cells }: RowBlock): void {
    for (let first = 0; first < rows; first += ROWS_AT_ONCE)
      this.#add(cells, first, Math.min(ROWS_AT_ONCE, rows - first));
    this.#rows += rows;
  }

  moments(): OutputMoments {
    const [width, edge] = [this.#width, this.#edge];
    const matrix = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        matrix[i * width + j] = this.#squares[Math.max(i, j) * edge + Math.min(i, j)]! / this.#rows;
    return { width, matrix, products: this.#products.map((sum) => sum / this.#rows) };
  }

  #add(cells: Float64Array, first: number, rows: number): void {
    const [width, columns] = [this.#width, this.#columns];
    for (let row = 0; row < rows; row++) {
      const start = (first + row) * width;
      const target = cells[start + width - 1]!;
      const place = this.#outputs.placeOf(target);
      const output = this.#outputs.valueOf(target);
      for (let i = 0; i < width; i++) {
        const value = i === width - 1 ? 1 : cut(cells[start + i]!);
        columns[i * ROWS_AT_ONCE + row] = value;
        if (place < 0) continue;
        const product = place * width + i;
        this.#products[product]! += value * output;
      }
    }
    for (let i = 0; i < this.#edge; i += TILE) {
      for (let j = 0; j <= i; j += TILE) addTile(this.#squares, columns, { i, j, rows, edge: this.#edge });
    }
  }
}

interface Tile {
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly edge: number;
}

/** Adds the products of four features with four, row after row. Four sums in registers at a time make it fast. */
function addTile(sums: Float64Array, x: Float64Array, { i, j, rows, edge }: Tile): void {
  for (let a = i; a < i + TILE; a++) {
    const place = a * edge + j;
    let s0 = sums[place]!;
    let s1 = sums[place + 1]!;
    let s2 = sums[place + 2]!;
    let s3 = sums[place + 3]!;
    const left = a * ROWS_AT_ONCE;
    const right = j * ROWS_AT_ONCE;
    for (let row = 0; row < rows; row++) {
      const value = x[left + row]!;
      s0 += value * x[right + row]!;
      s1 += value * x[right + ROWS_AT_ONCE + row]!;
      s2 += value * x[right + 2 * ROWS_AT_ONCE + row]!;
      s3 += value * x[right + 3 * ROWS_AT_ONCE + row]!;
    }
    sums[place] = s0;
    sums[place + 1] = s1;
    sums[place + 2] = s2;
    sums[place + 3] = s3;
  }
}
