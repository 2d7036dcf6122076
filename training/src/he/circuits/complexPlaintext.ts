import type { Scheme } from '../ckks/scheme.js';
import type { Polynomial } from '../ring/backend.js';
import { byPrime, bytesOf, type Residues } from '../ring/residues.js';

/** Slots of a plaintext: real parts and, where there are any, imaginary ones. */
export interface ComplexSlots {
  readonly real: Float64Array;
  readonly imaginary?: Float64Array | undefined;
}

/** Plaintexts with a backend. */
export interface ComplexPlaintexts {
  readonly polynomials: readonly Polynomial[];
  /** All encoded bytes, prime by prime, for a hash: real parts, then imaginary ones. */
  readonly bytes: readonly Uint8Array[];
}

/**
 * Encodes complex slots as real + i·imaginary. Slots of SEAL's encoder are real here, so imaginary parts are encoded by themselves
 * and multiplied by X^(N/2), whose slots are i·(−1)^j: an exact shift of coefficients. `decodeTrace` undoes the signs.
 */
export function encodeComplex(
  { parameters, ring, encode }: Scheme,
  batch: readonly ComplexSlots[],
  scaleBits: number,
): ComplexPlaintexts {
  const encoded = (slots: Float64Array): Residues =>
    slots.every((value) => value === 0)
      ? new BigUint64Array(parameters.ringDegree * parameters.primes.length) // what SEAL makes of it too
      : encode(slots, scaleBits);
  const real = batch.map((slots) => encoded(slots.real));
  const imaginary = batch.flatMap((slots) =>
    slots.imaginary === undefined ? [] : [encoded(slots.imaginary)],
  );
  const bytes = [...real, ...imaginary].flatMap((part) => byPrime(part, parameters.primes)).map(bytesOf);
  const plaintexts = ring.load(real);
  if (imaginary.length === 0) return { polynomials: plaintexts, bytes };
  if (imaginary.length !== real.length)
    throw new RangeError('all plaintexts of a batch are complex, or none');
  const [shift] = ring.transformSigned([imaginaryUnit(parameters.ringDegree)]);
  const [unit] = ring.factors([shift]);
  const parts = ring.load(imaginary);
  const sums = parts.map((part, index) => ({
    terms: [[part, unit]] as const,
    plus: plaintexts.slice(index, index + 1),
  }));
  const polynomials = ring.sumProducts(sums);
  for (const used of [shift, unit, ...parts, ...plaintexts]) used.release();
  return { polynomials, bytes };
}

/** X^(N/2). */
function imaginaryUnit(ringDegree: number): Int32Array {
  const coefficients = new Int32Array(ringDegree);
  coefficients[ringDegree / 2] = 1;
  return coefficients;
}
