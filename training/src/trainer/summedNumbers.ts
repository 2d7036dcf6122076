import { expandMasks, type PairMask } from '../he/ckks/masks.js';
import { writeFixed } from '../he/circuits/coefficients/fixedPoint.js';

/** Bits behind the binary point of a number that is added up in clear: 128 bits, two's complement, wrapping around. */
export const SUMMED_BITS = 64;

/** Bytes of a number that is added up in clear. */
export const SUMMED_BYTES = 16;

/** Beyond, a number is sent as this bound: no host that keeps to the protocol has one. */
const LARGEST = 2 ** 60;

/** Numbers in fixed point, rounded to 2^-52, with their masks. As integers, masks cancel in a sum to the last bit. */
export function maskedNumbers(numbers: readonly number[], masks: readonly PairMask[]): BigUint64Array {
  const out = new BigUint64Array(2 * numbers.length);
  numbers.forEach((value, place) => {
    writeFixed(out, place, Math.max(-LARGEST, Math.min(LARGEST, value)), SUMMED_BITS);
  });
  for (const { words, isNegative } of expandMasks(masks, 'plain', numbers.length))
    addTo(out, words, isNegative);
  return out;
}

/** The sum of such numbers. */
export function sumOfMasked(parts: readonly BigUint64Array[]): number[] {
  const sum = new BigUint64Array(parts[0]?.length ?? 0);
  for (const part of parts) addTo(sum, part, false);
  return Array.from({ length: sum.length / 2 }, (_, place) => {
    const signed = BigInt.asIntN(128, wordAt(sum, place));
    return Number(signed) / 2 ** SUMMED_BITS + 0;
  });
}

function addTo(sum: BigUint64Array, words: BigUint64Array, isNegative: boolean): void {
  for (let place = 0; place < sum.length / 2; place++) {
    const added = wordAt(words, place);
    const next = wordAt(sum, place) + (isNegative ? -added : added);
    sum[2 * place] = BigInt.asUintN(64, next);
    sum[2 * place + 1] = BigInt.asUintN(64, next >> 64n);
  }
}

const wordAt = (words: BigUint64Array, place: number): bigint =>
  (words[2 * place] ?? 0n) | ((words[2 * place + 1] ?? 0n) << 64n);
