import type { RowBlock } from '../../data/rowBlock.js';
import { cut } from '../../maps/featureMap.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { at } from '../../numbers.js';
import type { MomentSums } from '../family.js';
import type { RidgeHead } from './head.js';

/** Second moments of a shard whose rows end in a 1, and what its classes have of each feature. */
export interface ClassMoments {
  /** Features and the 1. */
  readonly width: number;
  /** XᵀX / rows, width × width, row-major. */
  readonly matrix: Float64Array;
  /** Xᵀy / rows by class, class by class; y is 1 in rows of the class, and 0 in others. */
  readonly vectors: Float64Array;
}

/** Rows that are summed at a time. */
const ROWS_AT_ONCE = 32;
/** Edge of a square of sums that are made together: their rows stay in the processor's cache. */
const TILE = 4;

/** Which class a standardised target is: the one whose value, standardised in the same way, it equals; −1 for none. */
function classFinder(
  classes: readonly number[],
  { targetMean, targetScale }: FamilyTemplate['statistics'],
): (target: number) => number {
  const places = new Map(classes.map((value, index) => [(value - targetMean) / targetScale, index]));
  return (target) => places.get(target) ?? -1;
}

/**
 * Sums up second moments while rows go by, features cut to their range. Each sum takes the rows one by one in their order, so
 * that where blocks begin and end makes no difference to a bit of it. A row of no class adds to XᵀX alone: a refusal is public.
 */
export class ClassSums implements MomentSums<ClassMoments> {
  readonly #classes: number;
  readonly #classOf: (target: number) => number;
  #width = 0;
  #rows = 0;
  /** Whole tiles: a little more than width. */
  #edge = 0;
  /** Lower triangle of Σ x·xᵀ, by tiles. */
  #squares = new Float64Array(0);
  #products = new Float64Array(0);
  /** Some rows, feature by feature. */
  #columns = new Float64Array(0);

  constructor({ classes }: RidgeHead, { statistics }: FamilyTemplate) {
    this.#classes = classes.length;
    this.#classOf = classFinder(classes, statistics);
  }

  begin(features: number): void {
    this.#width = features + 1;
    this.#edge = Math.ceil(this.#width / TILE) * TILE;
    this.#squares = new Float64Array(this.#edge * this.#edge);
    this.#products = new Float64Array(this.#classes * this.#width);
    this.#columns = new Float64Array(this.#edge * ROWS_AT_ONCE);
  }

  rows({ rows, cells }: RowBlock): void {
    for (let first = 0; first < rows; first += ROWS_AT_ONCE)
      this.#add(cells, first, Math.min(ROWS_AT_ONCE, rows - first));
    this.#rows += rows;
  }

  moments(): ClassMoments {
    const [width, edge] = [this.#width, this.#edge];
    const matrix = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        matrix[i * width + j] = at(this.#squares, Math.max(i, j) * edge + Math.min(i, j)) / this.#rows;
    return { width, matrix, vectors: this.#products.map((sum) => sum / this.#rows) };
  }

  #add(cells: Float64Array, first: number, rows: number): void {
    const [width, columns] = [this.#width, this.#columns];
    for (let row = 0; row < rows; row++) {
      const start = (first + row) * width;
      const place = this.#classOf(at(cells, start + width - 1));
      for (let i = 0; i < width; i++) {
        const value = i === width - 1 ? 1 : cut(at(cells, start + i));
        columns[i * ROWS_AT_ONCE + row] = value;
        if (place >= 0) this.#products[place * width + i] = at(this.#products, place * width + i) + value;
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
    let s0 = at(sums, place);
    let s1 = at(sums, place + 1);
    let s2 = at(sums, place + 2);
    let s3 = at(sums, place + 3);
    const left = a * ROWS_AT_ONCE;
    const right = j * ROWS_AT_ONCE;
    for (let row = 0; row < rows; row++) {
      const value = at(x, left + row);
      s0 += value * at(x, right + row);
      s1 += value * at(x, right + ROWS_AT_ONCE + row);
      s2 += value * at(x, right + 2 * ROWS_AT_ONCE + row);
      s3 += value * at(x, right + 3 * ROWS_AT_ONCE + row);
    }
    sums[place] = s0;
    sums[place + 1] = s1;
    sums[place + 2] = s2;
    sums[place + 3] = s3;
  }
}
