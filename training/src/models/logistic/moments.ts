import type { RowBlock } from '../../data/rowBlock.js';
import { pairCount, type SecondMoments } from '../../data/secondMoments.js';
import type { MomentSums } from '../family.js';

/** Moments of a subset's standardised rows x and targets y: all that a logistic model asks of them, whatever their number. */
export interface LogisticMoments extends SecondMoments {
  /** E x[i]·x[j]·x[k] for i ≤ j ≤ k, in that order: features·(features + 1)·(features + 2)/6 numbers. None of a private dataset. */
  readonly third: Float64Array;
}

/** How many triples i ≤ j ≤ k of so many features there are. */
const tripleCount = (features: number): number => (features * (features + 1) * (features + 2)) / 6;

/**
 * Sums up moments while rows go by, + and × only. Each sum takes the rows one by one in their order, so that neither the cut
 * into blocks nor the machine makes a difference to a bit of it.
 */
export class LogisticSums implements MomentSums<LogisticMoments> {
  #features = 0;
  #rows = 0;
  #target = 0;
  #means = new Float64Array(0);
  #products = new Float64Array(0);
  #second = new Float64Array(0);
  #third = new Float64Array(0);

  begin(features: number): void {
    this.#features = features;
    this.#means = new Float64Array(features);
    this.#products = new Float64Array(features);
    this.#second = new Float64Array(pairCount(features));
    this.#third = new Float64Array(tripleCount(features));
  }

  rows({ rows, cells }: RowBlock): void {
    const width = this.#features + 1;
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      this.#addFirst(cells, start);
      this.#addHigher(cells, start);
    }
    this.#rows += rows;
  }

  /** The moments of all rows that went by. */
  moments(): LogisticMoments {
    const mean = (sum: number): number => sum / this.#rows;
    return {
      features: this.#features,
      means: this.#means.map(mean),
      products: this.#products.map(mean),
      target: mean(this.#target),
      second: this.#second.map(mean),
      third: this.#third.map(mean),
    };
  }

  #addFirst(cells: Float64Array, start: number): void {
    const features = this.#features;
    const target = cells[start + features]!;
    this.#target += target;
    for (let i = 0; i < features; i++) {
      const value = cells[start + i]!;
      this.#means[i]! += value;
      this.#products[i]! += value * target;
    }
  }

  /** Entries are read without `at`, which sees arrays of all kinds: this is where a host's time goes. */
  #addHigher(cells: Float64Array, start: number): void {
    const end = start + this.#features;
    const second = this.#second;
    const third = this.#third;
    let pair = 0;
    let triple = 0;
    for (let i = start; i < end; i++) {
      const one = cells[i] ?? 0;
      for (let j = i; j < end; j++) {
        const two = one * (cells[j] ?? 0);
        second[pair] = (second[pair] ?? 0) + two;
        pair++;
        for (let k = j; k < end; k++) {
          third[triple] = (third[triple] ?? 0) + two * (cells[k] ?? 0);
          triple++;
        }
      }
    }
  }
}
