import { addOuter, addScaled, addTo, dot, multiply, scaled, subtract } from '../../optimisers/vectors.js';
import type { ClassMixture } from './classMixture.js';

/** What a subset replied of its third moments. */
export interface AskedThirds {
  /** The point v that was asked about; it has no intercept. */
  readonly point: readonly number[];
  /** E x·(v·x)². */
  readonly thirds: readonly number[];
}

/** A cubic form of the weights, with its first two derivatives. The intercept is of no account to it. */
export interface CubicForm {
  value(weights: readonly number[]): number;
  gradient(weights: readonly number[]): number[];
  /** Adds factor·Hessian to a row-major matrix. */
  addHessian(matrix: number[], factor: number, weights: readonly number[]): void;
}

/** Least variance at a point that still says something of a direction. */
const MIN_VARIANCE = 1e-6;

/**
 * E z³ of a subset less that of its mixture, as a cubic form of the weights. Of all forms that agree with the reply in
 * value and gradient at the point that was asked about, it is the one with the least norm in the metric of the subset's
 * covariance: with s the share of the asked point v in w, T(w) = 3·s²·(b·w) − 2·s³·(b·v).
 * Mixture and subset agree in all lower moments, so the difference does not depend on the intercept.
 * @returns undefined where the point says nothing of the subset
 */
export function skewOf(mixture: ClassMixture, { point, thirds }: AskedThirds): CubicForm | undefined {
  const v = [...point, 0];
  const mean = mixture.second.slice(-v.length);
  const beside = subtract([...thirds, 0], mixtureThirds(mixture, v));
  beside[v.length - 1] = 0;
  const metric = addScaled(multiply(mixture.second, v), -dot(mean, v), mean);
  const variance = dot(v, metric);
  if (!(variance > MIN_VARIANCE)) return undefined;
  const along = scaled(1 / variance, metric);
  along[v.length - 1] = 0;
  return cubicForm(along, beside, dot(beside, v));
}

/** E x·(v·x)² of the mixture, by Stein's lemma. */
function mixtureThirds({ parts, within }: ClassMixture, v: readonly number[]): number[] {
  const spread = multiply(within, v);
  const variance = Math.max(0, dot(v, spread));
  const sums = v.map(() => 0);
  for (const { share, mean } of parts) {
    const z = dot(mean, v);
    addTo(sums, share * (z * z + variance), mean);
    addTo(sums, share * 2 * z, spread);
  }
  return sums;
}

function cubicForm(along: readonly number[], beside: readonly number[], cube: number): CubicForm {
  return {
    value: (w) => {
      const s = dot(along, w);
      return s * s * (3 * dot(beside, w) - 2 * s * cube);
    },
    gradient: (w) => {
      const s = dot(along, w);
      return addTo(scaled(6 * s * (dot(beside, w) - s * cube), along), 3 * s * s, beside);
    },
    addHessian: (matrix, factor, w) => {
      const s = dot(along, w);
      addOuter(matrix, factor * (6 * dot(beside, w) - 12 * s * cube), along);
      addSymmetric(matrix, factor * 6 * s, along, beside);
    },
  };
}

/** Adds factor·(a·bᵀ + b·aᵀ) to a row-major matrix. */
export function addSymmetric(
  matrix: number[],
  factor: number,
  a: readonly number[],
  b: readonly number[],
): void {
  const size = a.length;
  for (let i = 0; i < size; i++) {
    const [left, right] = [a[i]!, b[i]!];
    for (let j = 0; j < size; j++) {
      const place = i * size + j;
      matrix[place] = (matrix[place] ?? 0) + factor * (left * (b[j] ?? 0) + right * (a[j] ?? 0));
    }
  }
}
