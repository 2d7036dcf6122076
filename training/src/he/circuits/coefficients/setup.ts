import { hashParts } from '../../../canonical.js';
import { LARGEST_COEFFICIENT, type CkksParameters } from '../../ckks/parameters.js';
import type { Scheme } from '../../ckks/scheme.js';
import type { EncodedSetup } from '../setup.js';
import { writeFixed } from './fixedPoint.js';

/**
 * Coefficients of a set-up's trace, one for each number, rounded up to a power of two. At least 32: a trace is as many times as large as
 * its numbers as it has fewer places than N, and has to stay within 128 bits.
 */
export function coefficientSetupPeriod(count: number): number {
  return 2 ** Math.max(5, Math.ceil(Math.log2(count)));
}

/**
 * Encodes a set-up's numbers, each in one coefficient of a trace: with flooding of one coefficient in place of a sum of thousands
 * it is as precise as a reply. A number beyond the bound is sent as the bound: it would wrap around, and refusing would say
 * something of the rows.
 */
export function encodeCoefficientSetup(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  numbers: Float64Array,
): EncodedSetup {
  const period = coefficientSetupPeriod(numbers.length);
  const block = parameters.ringDegree / period;
  const bits = scaleBits(parameters) + Math.log2(block);
  const coefficients = new BigUint64Array(2 * period);
  const kept = numbers.map((value) => Math.max(-LARGEST_COEFFICIENT, Math.min(LARGEST_COEFFICIENT, value)));
  for (const [place, value] of kept.entries()) writeFixed(coefficients, place, value, bits);
  const [trace] = ring.transformWide([coefficients]);
  const bytes = new Uint8Array(coefficients.buffer);
  return { block, trace, hash: hashParts('veritrain/encoded-coefficient-setup/1', bytes) };
}

/** The numbers of a decrypted set-up, and what is beside them: noise. */
export function readCoefficientSetup(
  parameters: CkksParameters,
  coefficients: readonly bigint[],
  count: number,
): { readonly numbers: number[]; readonly noise: number[] } {
  const scale = 2 ** scaleBits(parameters);
  const all = coefficients.map((value) => Number(value) / scale);
  return { numbers: all.slice(0, count), noise: all.slice(count) };
}

const scaleBits = ({ modelScaleBits, matrixScaleBits }: CkksParameters): number =>
  modelScaleBits + matrixScaleBits;
