import type { SecondMoments } from '../data/secondMoments.js';
import { addOuter, addScaled, largest, scaledIdentity, solveDefinite } from '../optimisers/vectors.js';
import { rowUnits } from './moments.js';
import type { PrivacyTerms } from './terms.js';

/** Least eigenvalue of the covariance, in deviations of the noise times the root of the features. */
const RIDGE = 1;
/** Least variance of a target of numbers in a subset, in standardised units. */
const LEAST_VARIANCE = 0.01;

/** What is public of a subset whose moments are released. */
export interface ReleaseShape {
  readonly features: number;
  readonly rows: number;
  /** Of the whole table. */
  readonly totalRows: number;
  /** The two values of a target of two classes in standardised units; undefined for a target of numbers. */
  readonly classes: readonly [number, number] | undefined;
  /** Standard deviation of the noise on the sum of a squared feature. */
  readonly deviation: number;
}

/**
 * Moments that rows could have, from sums with noise: nothing here looks at a row. The covariance that the target does not explain
 * gets a ridge until it has no smaller eigenvalue than the noise (Wang 2018, AdaSSP), and nothing exceeds what a standardised subset
 * can have, which hosts and messages count on.
 * @param sums (features + 2)², as `noisedSums` gives them
 */
export function plausibleMoments(
  sums: Float64Array,
  terms: Pick<PrivacyTerms, 'clip' | 'targetClip'>,
  shape: ReleaseShape,
): SecondMoments {
  const { features, rows, totalRows } = shape;
  const units = rowUnits(terms);
  const size = features + 2;
  const most = totalRows / rows;
  const entry = (i: number, j: number): number => sums[i * size + j]! / rows;
  const each = (of: (j: number) => number): number[] => Array.from({ length: features }, (_, j) => of(j));
  const means = each((j) => entry(0, j + 1) / units.ones);
  const products = each((j) => entry(j + 1, size - 1) / units.target);
  const target = targetOf(entry(0, size - 1) / (units.ones * units.target), shape);
  const variance = varianceOf(entry(size - 1, size - 1) / units.target ** 2, target, shape);
  const along = addScaled(products, -target, means);
  const within = Array.from({ length: features * features }, (_, place) =>
    entry(Math.floor(place / features) + 1, (place % features) + 1),
  );
  addOuter(within, -1, means);
  addOuter(within, -1 / variance, along);
  const second = withRidge(within, features, RIDGE * Math.sqrt(features) * (shape.deviation / rows));
  addOuter(second, 1, means);
  addOuter(second, 1 / variance, along);
  const diagonal = each((j) => second[j * features + j]!);
  const shorter = Math.min(1, Math.sqrt(most / largest(diagonal)), most / Math.max(most, largest(products)));
  return {
    features,
    second: Float64Array.from(upper(second, features), (value) => value * shorter * shorter),
    means: Float64Array.from(means, (value) => value * shorter),
    products: Float64Array.from(products, (value) => value * shorter),
    target,
  };
}

/** The mean of the target. Each class keeps a row at least. */
function targetOf(noised: number, { classes, rows, totalRows }: ReleaseShape): number {
  const most = Math.sqrt(totalRows / rows);
  const [low, high] = classes ?? [-most, most];
  const margin = (high - low) / rows;
  return Math.min(most, high - margin, Math.max(-most, low + margin, noised));
}

function varianceOf(square: number, mean: number, { classes, rows, totalRows }: ReleaseShape): number {
  if (classes !== undefined) return (classes[1] - mean) * (mean - classes[0]);
  return Math.min(totalRows / rows, Math.max(LEAST_VARIANCE, square - mean * mean));
}

/** A symmetric matrix, and so much on its diagonal that no eigenvalue is below `least`. */
function withRidge(matrix: readonly number[], size: number, least: number): number[] {
  const plus = (ridge: number): number[] => addScaled(matrix, ridge, scaledIdentity(size, 1));
  const isDefinite = (ridge: number): boolean =>
    solveDefinite(plus(ridge - least), new Array<number>(size).fill(0)) !== undefined;
  if (isDefinite(0)) return [...matrix];
  let low = 0;
  let high = least + size * largest(matrix);
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = (low + high) / 2;
    if (isDefinite(middle)) high = middle;
    else low = middle;
  }
  return plus(high);
}

function upper(matrix: readonly number[], size: number): number[] {
  const entries: number[] = [];
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) entries.push(matrix[i * size + j]!);
  return entries;
}
