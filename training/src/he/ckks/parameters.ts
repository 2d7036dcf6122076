import { createHash } from 'node:crypto';
import type { RingShape } from '../ring/residues.js';

/**
 * A checked CKKS parameter set. Primes and bits are literals: nothing is chosen at run time. Polynomials have N coefficients,
 * N/2 slots; `primes` are those of ciphertexts, of the model as of the update: no level is spent.
 */
export interface CkksParameters extends RingShape {
  readonly name: string;
  /** Further primes of SEAL's chain, counted in its security check; nothing here is ever encrypted under them. */
  readonly keyPrimes: readonly bigint[];
  /** log2 of the scale of the encrypted model. */
  readonly modelScaleBits: number;
  /** log2 of the scale of a host's matrix; an update's scale is the product of both. */
  readonly matrixScaleBits: number;
  /** Each coefficient of an update carries uniform noise of this many bits, which drowns every trace of the matrix in the noise. */
  readonly floodBits: number;
  /**
   * Bits of each coefficient of u, by which a reply is re-randomised; ternary if absent. A trace tells at most log q − floodBits bits in
   * each of its coefficients, whatever key a model owner makes: u has to have far more than all of them.
   */
  readonly randomiserBits?: number | undefined;
}

/** Name of the one checked parameter set (see {@link linearParameters}). */
export const LINEAR_PARAMETERS = 'ckks-8192-60-60-60/2';

/**
 * Linear models of up to 32 features. log2 q = 180 at N = 8192 (218 is the limit for 128-bit security with ternary
 * secrets, Homomorphic Encryption Standard 2018; ciphertexts here live at 120 bits). An update's scale, 2^112,
 * leaves values up to 2^14 at 32 features: a trace's coefficients are its sums over the block of 2^7, and must stay
 * below 2^119. Flooding of 82 bits leaves 20 bits of precision. What it hides, as distances per update: README.md,
 * "What flooding hides".
 */
export const linearParameters: CkksParameters = {
  name: LINEAR_PARAMETERS,
  ringDegree: 8192,
  primes: [1152921504606683137n, 1152921504606748673n],
  keyPrimes: [1152921504606830593n],
  modelScaleBits: 76,
  matrixScaleBits: 36,
  floodBits: 82,
};

/** Name of {@link coefficientParameters}. */
export const COEFFICIENT_PARAMETERS = 'ckks-8192-60-60-60/5';

/**
 * Several vectors under one matrix, packed in coefficients: no slot's sum multiplies the noise, so that more flooding leaves more
 * bits. A reply's numbers are up to 2^7 (2^119 over the scale of 2^112), and flooding of 86 bits leaves 26 behind the point. Traces have
 * up to N/8 coefficients of 34 bits, 2^15.1 bits together: more than the 2^13.7 of a ternary u, and a fifth of the 2^17.3 that u has
 * with 20 bits in each coefficient. It adds noise of 2^27 to a reply, which is nothing under the flooding.
 */
export const coefficientParameters: CkksParameters = {
  ...linearParameters,
  name: COEFFICIENT_PARAMETERS,
  floodBits: 86,
  randomiserBits: 20,
};

/** Name of {@link productParameters}. */
export const PRODUCT_PARAMETERS = 'ckks-8192-60-60-60/4';

/**
 * Linear models of which hosts see no data either: a ciphertext of the matrix times one of the model, packed in coefficients. The
 * product's scale of 2^105 leaves numbers up to 2^14, as {@link linearParameters} do, in coefficients below 2^119. Encryption under a
 * public key leaves noise of some 2^8.4 in the matrix; at a scale of 2^38 that is 2^-29.6 of an entry. Flooding of 84 bits is 2^46
 * times the matrix' scale, and leaves 21 bits of precision.
 */
export const productParameters: CkksParameters = {
  ...linearParameters,
  name: PRODUCT_PARAMETERS,
  modelScaleBits: 67,
  matrixScaleBits: 38,
  floodBits: 84,
};

/** Bound on the numbers of a reply that is packed in coefficients: below 2^7, with room for noise. */
export const LARGEST_COEFFICIENT = 120;

const hashes = new WeakMap<CkksParameters, Uint8Array>();

/** 32 bytes that name a parameter set by its whole content; part of every message, and the key of caches. */
export function parametersHash(parameters: CkksParameters): Uint8Array {
  const known = hashes.get(parameters) ?? hashOf(parameters);
  hashes.set(parameters, known);
  return known;
}

function hashOf(parameters: CkksParameters): Uint8Array {
  const { name, ringDegree, primes, keyPrimes, modelScaleBits, matrixScaleBits, floodBits, randomiserBits } =
    parameters;
  const text = [
    name,
    ringDegree,
    primes.join(),
    keyPrimes.join(),
    modelScaleBits,
    matrixScaleBits,
    floodBits,
    ...(randomiserBits === undefined ? [] : [randomiserBits]),
  ];
  return createHash('sha256').update(text.join('/')).digest();
}

/** No standardised weight that is encrypted leaves [−16, 16]: with {@link LARGEST_UPDATE} the range that the parameters have room for. */
export const LARGEST_WEIGHT = 16;

/** Bound on every entry of an update, for all weights in their range. */
export const LARGEST_UPDATE = 2 ** 14 - 1;
