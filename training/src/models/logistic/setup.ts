import { largestSetup } from '../../he/circuits/setup.js';
import { linearParameters } from '../../he/ckks/parameters.js';
import { pairCount } from '../../data/secondMoments.js';
import type { SubsetShape } from '../family.js';
import { imaginaryUnit, powerOfTwo } from './lift.js';
import type { LogisticMoments } from './moments.js';

/** What a set-up reply tells of a subset, beside third moments: the moments of its standardised rows. */
export interface SetupMoments {
  /** E x·xᵀ, features × features, row-major. */
  readonly second: readonly number[];
  /** E x. */
  readonly means: readonly number[];
  /** E y·x. */
  readonly products: readonly number[];
  /** E y. */
  readonly target: number;
  /** See `imaginaryUnit`. */
  readonly imaginaryUnit: number;
}

/** Numbers of a set-up reply. */
export function setupLength(features: number): number {
  return pairCount(features) + 2 * features + 2;
}

/**
 * A subset's set-up reply: second moments (i ≤ j, row by row), means, products with the target, mean of the target, log2 of the
 * unit of imaginary parts. The moments come in a public unit in which none leaves the range of replies.
 */
export function setupOf(moments: LogisticMoments, shape: SubsetShape): Float64Array {
  const { second, means, products, target } = moments;
  const unit = setupUnit(shape);
  const told = [...second, ...means, ...products, target].map((moment) => moment / unit);
  return Float64Array.of(...told, doublings(imaginaryUnit(moments, shape)));
}

/** Reads {@link setupOf}'s numbers. */
export function readSetup(values: readonly number[], shape: SubsetShape): SetupMoments {
  const { features } = shape;
  const unit = setupUnit(shape);
  const pairs = pairCount(features);
  const moments = values.map((value) => value * unit);
  return {
    second: squareOf(moments, features),
    means: moments.slice(pairs, pairs + features),
    products: moments.slice(pairs + features, pairs + 2 * features),
    target: moments[pairs + 2 * features]!,
    imaginaryUnit: 2 ** Math.round(values[pairs + 2 * features + 1]!),
  };
}

/** A symmetric matrix, row-major, of its entries i ≤ j row by row. */
export function squareOf(entries: readonly number[], size: number): number[] {
  const square = new Array<number>(size * size).fill(0);
  let place = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      square[i * size + j] = entries[place]!;
      square[j * size + i] = entries[place++]!;
    }
  }
  return square;
}

/** log2 of a power of two, counted: hosts take no logarithms. */
export function doublings(power: number): number {
  let count = 0;
  for (let left = power; left > 1; left /= 2) count++;
  return count;
}

/** Unit of the moments in a set-up reply: no second moment of a standardised subset exceeds totalRows / rows. */
export function setupUnit({ features, rows, totalRows }: SubsetShape): number {
  return powerOfTwo(totalRows / rows / largestSetup(linearParameters, setupLength(features)));
}
