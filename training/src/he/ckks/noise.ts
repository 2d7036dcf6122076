import { LARGEST_WEIGHT, type CkksParameters } from './parameters.js';

/** Standard deviation of encryption noise (`sampleNoise`). */
const NOISE_DEVIATION = 3.25;
/** Room above what an honest update can carry. */
const HEADROOM = 4;

/** What a query can be, and the map that it meets. */
export interface QueryBounds {
  /** Numbers of a query; 32 stand for any fewer. */
  readonly inputs: number;
  /** Bound on the size of each. */
  readonly maxInput: number;
  readonly ciphertexts: number;
  /** Whether the map is encoded in two parts, real and imaginary ones. */
  readonly imaginary: boolean;
}

/** Of a linear model of up to 32 features. */
const linearBounds: QueryBounds = {
  inputs: 32,
  maxInput: LARGEST_WEIGHT,
  ciphertexts: 1,
  imaginary: false,
};

/**
 * Largest noise that an update is accepted with, in a slot: four times what an honest update can carry, which never exceeds
 * the sum of two bounds (all else, encryption noise and floating point, stays below 2^-28):
 * - flooding: 2·D coefficients of at most 2^(floodBits − 1), each `block` times in a slot: N·2^(floodBits − 1) together;
 * - rounding of the encoded matrix: N coefficients of at most 1/2 in each plaintext, so slots of length at most N/√8 together
 *   (Parseval), √2 times that where there are imaginary parts, over all plaintexts √ciphertexts times that; times a
 *   query of length at most maxInput·√inputs (Cauchy and Schwarz).
 * For linear models both are 2^-18 and the bound is 2^-15. Honest updates are seen at about 2^-20.
 */
export function largestNoise(parameters: CkksParameters, bounds: QueryBounds = linearBounds): number {
  const { ringDegree, matrixScaleBits } = parameters;
  const parts = bounds.ciphertexts * (bounds.imaginary ? 2 : 1);
  const length = bounds.maxInput * Math.sqrt(Math.max(bounds.inputs, linearBounds.inputs));
  const rounding = ((ringDegree / Math.sqrt(8)) * Math.sqrt(parts) * length) / 2 ** matrixScaleBits;
  return HEADROOM * (largestFlooding(parameters) + rounding);
}

/**
 * The same of a number of a reply that is packed in coefficients: one number of flooding, and the rounding of a row of the matrix
 * to 2^-(matrixScaleBits + 1) times a vector of length 1, at most √inputs of it.
 */
export function largestCoefficientNoise(
  { floodBits, modelScaleBits, matrixScaleBits }: CkksParameters,
  inputs: number,
): number {
  const flooding = 2 ** (floodBits - 1 - modelScaleBits - matrixScaleBits);
  return HEADROOM * (flooding + Math.sqrt(inputs) / 2 ** (matrixScaleBits + 1));
}

/**
 * The same of a number of a product of two ciphertexts: one number of flooding; and the noise that the matrix got when it was
 * encrypted, u·e + e + e·s, taken at six standard deviations, times a query of length at most maxInput·√inputs, and 1 for the offset.
 */
export function largestProductNoise(
  parameters: CkksParameters,
  { inputs, maxInput }: Pick<QueryBounds, 'inputs' | 'maxInput'>,
): number {
  const { ringDegree, floodBits, modelScaleBits, matrixScaleBits } = parameters;
  const flooding = 2 ** (floodBits - 1 - modelScaleBits - matrixScaleBits);
  const encryption = 6 * NOISE_DEVIATION * Math.sqrt((4 / 3) * ringDegree + 1);
  const length = maxInput * Math.sqrt(inputs) + 1;
  return HEADROOM * (flooding + (encryption * length) / 2 ** matrixScaleBits);
}

/** The same of a set-up. It has no product, and its numbers are rounded to 2^-112: the flooding is all there is. */
export function largestSetupNoise(parameters: CkksParameters): number {
  return HEADROOM * largestFlooding(parameters);
}

function largestFlooding({ ringDegree, modelScaleBits, matrixScaleBits, floodBits }: CkksParameters): number {
  return ringDegree * 2 ** (floodBits - 1 - modelScaleBits - matrixScaleBits);
}

/**
 * Statistical distance, at most, between a reply's noise and noise that does not depend on the host's matrix: what is left of
 * the noise e of the query's encryption times the matrix, under the flooding. Each of the trace's 2·D coefficients has a
 * standard deviation of 3.25 · 2^matrixScaleBits · ‖M‖ / √(N/2), so a mean size of √(2/π) of that; the distance is
 * their sum over 2^floodBits. ‖M‖ is the length of all entries of the matrix, real and imaginary ones. Distances of replies
 * add up. With `linearParameters`: 2^-44 at ‖M‖ = 4 and D = 16 (linear models), 2^-40 at 45 (second and third moments of up to 16
 * columns), 2^-37 at 200 and D = 32 (of 31 columns). A set-up is a fresh encryption of zero plus numbers, without a product: 0.
 */
export function replyDistance(
  { ringDegree, matrixScaleBits, floodBits }: CkksParameters,
  matrixLength: number,
  period: number,
): number {
  const deviation = (NOISE_DEVIATION * matrixLength * 2 ** matrixScaleBits) / Math.sqrt(ringDegree / 2);
  return (2 * period * Math.sqrt(2 / Math.PI) * deviation) / 2 ** floodBits;
}

/**
 * The same between a reply to an encrypted matrix and one whose noise does not depend on the matrix: what depends on it is the noise e
 * of the query's encryption times the encoded matrix, a standard deviation of 3.25 · 2^matrixScaleBits · ‖M‖ in each coefficient that
 * the trace keeps. ‖M‖ is the length of all entries, offsets too. The matrix' own encryption is no choice of its entries.
 */
export function productReplyDistance(
  { matrixScaleBits, floodBits }: CkksParameters,
  matrixLength: number,
  coefficients: number,
): number {
  const deviation = NOISE_DEVIATION * matrixLength * 2 ** matrixScaleBits;
  return (coefficients * Math.sqrt(2 / Math.PI) * deviation) / 2 ** floodBits;
}
