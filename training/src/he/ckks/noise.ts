import { LARGEST_WEIGHT, type CkksParameters } from './parameters.js';

/** Most features of a model, and so most weights that a slot's sum is made of. */
const MOST_WEIGHTS = 32;
/** Room above what an honest update can carry. */
const HEADROOM = 4;

/**
 * Largest noise that an update is accepted with, in a slot: four times what an honest update can carry, which never exceeds
 * the sum of two bounds (all else, encryption noise and floating point, stays below 2^-28):
 * - flooding: 2·D coefficients of at most 2^(floodBits − 1), each `block` times in a slot: N·2^(floodBits − 1) together;
 * - rounding of the encoded matrix: N coefficients of at most 1/2, so slots of length at most N/√8 together (Parseval),
 *   times weights of length at most 16·√32 (Cauchy and Schwarz).
 * For `linearParameters` both are 2^-18 and the bound is 2^-15. Honest updates are seen at about 2^-20.
 */
export function largestNoise(parameters: CkksParameters): number {
  const { ringDegree, modelScaleBits, matrixScaleBits, floodBits } = parameters;
  const flooding = ringDegree * 2 ** (floodBits - 1 - modelScaleBits - matrixScaleBits);
  const rounding =
    ((ringDegree / Math.sqrt(8)) * LARGEST_WEIGHT * Math.sqrt(MOST_WEIGHTS)) / 2 ** matrixScaleBits;
  return HEADROOM * (flooding + rounding);
}
