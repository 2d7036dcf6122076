import { hashParts, macParts } from '../../canonical.js';
import type { PublicKey } from '../ckks/keys.js';
import type { CkksParameters } from '../ckks/parameters.js';
import { sanitise, type TraceCiphertext } from '../ckks/sanitising.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Polynomial } from '../ring/backend.js';
import type { Residues } from '../ring/residues.js';
import { encodeComplex } from './complexPlaintext.js';
import { blockSize, slotPeriod } from './packing.js';
import type { TraceSlots } from './traceSlots.js';

/** Numbers that a host says once, encoded. They need no query: they go out as an encryption of zero plus these numbers. */
export interface EncodedSetup {
  readonly block: number;
  /** The trace of the numbers, at the scale of updates. */
  readonly trace: Polynomial;
  /** 32 bytes that name the encoded numbers by their content. Secret, as they are. */
  readonly hash: Uint8Array;
}

/** Half the numbers are real parts of slots and half imaginary ones, rounded up to a power of two. */
export function setupPeriod(count: number): number {
  return slotPeriod(Math.ceil(count / 2));
}

/**
 * Bound on the numbers of a set-up: a coefficient of the trace, at most the mean of its slots over the block, stays below
 * 2^118 of the modulus' 2^120. For `linearParameters` 2^6·block: 1,024 for 272 numbers, 256 for 1,056.
 */
export function largestSetup(parameters: CkksParameters, count: number): number {
  const { modelScaleBits, matrixScaleBits, primes } = parameters;
  const bits = primes.reduce((sum, q) => sum + q.toString(2).length - 1, 0);
  return 2 ** (bits - modelScaleBits - matrixScaleBits) * blockSize(parameters, setupPeriod(count));
}

/**
 * Encodes a set-up's numbers: the first D are real parts of slots, the others imaginary ones. One beyond the bound is sent as the
 * bound: it would wrap around and spoil all others, and refusing would say something of the rows.
 */
export function encodeSetup(scheme: Scheme, numbers: Float64Array): EncodedSetup {
  const { parameters, ring } = scheme;
  const period = setupPeriod(numbers.length);
  const bound = largestSetup(parameters, numbers.length);
  const kept = numbers.map((value) => Math.max(-bound, Math.min(bound, value)));
  const slots = { real: kept.subarray(0, period), imaginary: kept.subarray(period) };
  const scaleBits = parameters.modelScaleBits + parameters.matrixScaleBits;
  const { polynomials, bytes } = encodeComplex(scheme, [slots], scaleBits);
  const block = blockSize(parameters, period);
  const [trace] = ring.sumBlocks([{ terms: [], plus: polynomials }], block);
  for (const used of polynomials) used.release();
  return { block, trace, hash: hashParts('veritrain/encoded-setup/1', ...bytes) };
}

/** The set-up as it leaves a host, by a seed that its content makes its own: none serves two results. */
export function sanitisedSetup(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  publicKey: PublicKey,
  replySeed: Uint8Array,
  { block, trace, hash }: EncodedSetup,
  mask: Residues | undefined,
): Promise<TraceCiphertext> {
  const seed = macParts(replySeed, 'veritrain/setup-randomness/1', hash);
  const result = { first: { terms: [] }, second: [], traces: [trace], mask };
  return sanitise(scheme, publicKey, seed, block, result);
}

/** The numbers of a decrypted set-up, and what is beside them in its slots: noise. */
export function readSetup(
  { real, imaginary }: TraceSlots,
  count: number,
): { readonly numbers: number[]; readonly noise: number[] } {
  const all = [...real, ...imaginary];
  return { numbers: all.slice(0, count), noise: all.slice(count) };
}
