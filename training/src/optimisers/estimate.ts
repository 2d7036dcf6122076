import type { SubsetMemory } from './state.js';
import { usedSubsets } from './memory.js';
import { quadraticOf } from './quadratic.js';
import { addTo, dot, multiply, scaledIdentity, solveDefinite, subtract } from './vectors.js';

/** What is public of a dataset's subsets and of what they reply, by subset. */
export interface SubsetFacts {
  readonly rows: readonly number[];
  /** Largest error that is expected of an entry of a gradient. */
  readonly noise: readonly number[];
}

/**
 * What a model owner can say of the loss of a model: half the mean squared error and the penalty, in standardised units,
 * less those of predicting the mean. It is put together from the quadratics of the subsets that were drawn so far,
 * weighted by their rows, and is an estimate for three reasons: subsets that were never drawn are taken to be like
 * the others; a subset's quadratic is its own only in the directions in which it was asked; and replies carry noise.
 * With more than one local step the quadratics are those of the hosts' steps, and so is the minimum.
 */
export interface LossEstimate {
  /** At a model. */
  at(weights: readonly number[]): number;
  gradientAt(weights: readonly number[]): number[];
  /** The model with the least estimate; undefined where rounding leaves none. */
  minimum(): number[] | undefined;
  /** Weighted noise of a gradient. */
  readonly noise: number;
}

/** The estimate from all that is remembered; undefined while that is nothing. */
export function estimateLoss(
  memory: readonly (SubsetMemory | null)[],
  facts: SubsetFacts,
  initialCurvature: number,
): LossEstimate | undefined {
  const used = usedSubsets(memory, facts.rows).map(({ subset, weight, memory: of }) => {
    const noise = facts.noise[subset]!;
    return { weight, noise, ...quadraticOf(of, initialCurvature, noise) };
  });
  const [first] = used;
  if (first === undefined) return undefined;
  const curvature = scaledIdentity(first.point.length, 0);
  const right = first.point.map(() => 0);
  let noise = 0;
  for (const one of used) {
    addTo(curvature, one.weight, one.curvature);
    const atZero = subtract(multiply(one.curvature, one.point), one.gradient);
    addTo(right, one.weight, atZero);
    noise += one.weight * one.noise;
  }
  return {
    at: (weights) => dot(weights, multiply(curvature, weights)) / 2 - dot(right, weights),
    gradientAt: (weights) => subtract(multiply(curvature, weights), right),
    minimum: () => solveDefinite(curvature, right),
    noise,
  };
}
