import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import type { LossEstimate } from './estimate.js';
import { imageInRange } from './range.js';
import type { NextModel } from './state.js';
import { addScaled, dot, norm, scaled, subtract } from './vectors.js';

/** Longest step of a model that is shorter than that. A longer one at most doubles. */
const TRUST_RADIUS = 0.5;
/** Loss of predicting the mean, in standardised units: no step gains more. */
const WHOLE_LOSS = 0.5;
/** An estimate that promises to gain this many times the whole loss takes curvature that it does not know for too small. */
const INCREDIBLE = 1.5;
/**
 * Longest model. It is asked about at a 256th of its length or more: beyond, a gradient's noise, 2^-20, weighs more than a
 * model of weights in the range is worth.
 */
export const LONGEST_MODEL = 256 * LARGEST_WEIGHT;

/**
 * Incremental quasi-Newton (Mokhtari, Eisen and Ribeiro 2018): the next model is the minimum of the estimate, at most a
 * trust radius away.
 * The model is not bounded by the range that is encrypted, see {@link imageInRange}.
 */
export function quasiNewtonStep(from: readonly number[], estimate: LossEstimate, rounds: number): NextModel {
  const move = subtract(estimate.minimum() ?? from, from);
  const gain = -dot(estimate.gradientAt(from), move) / 2;
  const credible = gain > INCREDIBLE * WHOLE_LOSS ? WHOLE_LOSS / gain : 1;
  const trusted = Math.max(TRUST_RADIUS, norm(from)) / norm(move);
  const weights = shortened(addScaled(from, Math.min(1, credible, trusted), move));
  return { weights, query: imageInRange(weights, rounds), momentum: 1 };
}

function shortened(weights: number[]): number[] {
  const length = norm(weights);
  return length > LONGEST_MODEL ? scaled(LONGEST_MODEL / length, weights) : weights;
}
