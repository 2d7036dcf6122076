import type { RowBlock } from '../../data/rowBlock.js';
import type { SecondMoments } from '../../data/secondMoments.js';
import type { MomentSums } from '../family.js';

/** Second moments of a shard: all that squared loss needs of it, whatever the number of rows. */
export interface Gram {
  readonly features: number;
  /** XᵀX / rows, features × features, row-major. */
  readonly matrix: Float64Array;
  /** Xᵀy / rows. */
  readonly vector: Float64Array;
}

/**
 * Sums up second moments while rows go by. Each sum takes the rows one by one in their order: where blocks begin and end
 * makes no difference to a bit of it, and replicas that were sent other pieces get the same sums.
 */
export class GramSums implements MomentSums<Gram> {
  #features = 0;
  #rows = 0;
  /** Lower triangle of Σ x·xᵀ. */
  #squares = new Float64Array(0);
  #products = new Float64Array(0);

  begin(features: number): void {
    this.#features = features;
    this.#squares = new Float64Array(features * features);
    this.#products = new Float64Array(features);
  }

  rows({ rows, cells }: RowBlock): void {
    const width = this.#features + 1;
    for (let row = 0; row < rows; row++) this.#add(cells, row * width);
    this.#rows += rows;
  }

  /** The moments of all rows that went by. */
  moments(): Gram {
    const features = this.#features;
    const matrix = this.#squares.map((_, place) => {
      const i = Math.floor(place / features);
      const j = place % features;
      return this.#squares[Math.max(i, j) * features + Math.min(i, j)]! / this.#rows;
    });
    return { features, matrix, vector: this.#products.map((sum) => sum / this.#rows) };
  }

  #add(cells: Float64Array, start: number): void {
    const features = this.#features;
    const squares = this.#squares;
    const products = this.#products;
    const target = cells[start + features]!;
    for (let i = 0; i < features; i++) {
      const value = cells[start + i]!;
      products[i]! += value * target;
      const line = i * features;
      for (let j = 0; j <= i; j++) squares[line + j]! += value * cells[start + j]!;
    }
  }
}

/** The moments of a private dataset's subset. */
export function gramFrom({ features, second, products }: SecondMoments): Gram {
  const matrix = new Float64Array(features * features);
  let place = 0;
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      matrix[i * features + j] = second[place]!;
      matrix[j * features + i] = second[place++]!;
    }
  }
  return { features, matrix, vector: Float64Array.from(products) };
}
