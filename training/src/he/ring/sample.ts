import type { Drbg } from '../../drbg.js';
import type { RingShape } from './residues.js';

// Distributions as in Microsoft SEAL, drawn from our own generator, so that a seed repeats them.

/** Uniform in {−1, 0, 1}; the bias is below 2^-31. */
export function sampleTernary(drbg: Drbg, count: number): Int32Array {
  const words = wordsOf(drbg.bytes(4 * count));
  const out = new Int32Array(count);
  for (let index = 0; index < count; index++) out[index] = ((words[index] ?? 0) % 3) - 1;
  return out;
}

/** Uniform whole numbers in [−2^(bits − 1), 2^(bits − 1)), at most 32 bits. */
export function sampleSigned(drbg: Drbg, count: number, bits: number): Int32Array {
  return Int32Array.from(wordsOf(drbg.bytes(4 * count)), (word) => word >> (32 - bits));
}

/** Centred binomial of 21 against 21 bits: standard deviation 3.24. */
export function sampleNoise(drbg: Drbg, count: number): Int32Array {
  const words = wordsOf(drbg.bytes(8 * count));
  const mask = 0x1fffff;
  const out = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    out[index] = countBits((words[2 * index] ?? 0) & mask) - countBits((words[2 * index + 1] ?? 0) & mask);
  }
  return out;
}

/** Random bytes that a backend's `uniform` makes a polynomial of. */
export function sampleUniform(drbg: Drbg, { ringDegree, primes }: RingShape): Uint8Array {
  return drbg.bytes(16 * ringDegree * primes.length);
}

/**
 * Uniform integers in [−2^(bits − 1), 2^(bits − 1)) times 2^shift, as signed 128-bit numbers for a backend's
 * `transformWide`; bits + shift ≤ 128.
 */
export function sampleWide(drbg: Drbg, count: number, bits: number, shift = 0): BigUint64Array {
  const words = new BigUint64Array(drbg.bytes(16 * count).slice().buffer);
  const middle = 1n << BigInt(bits - 1);
  for (let place = 0; place < words.length; place += 2) {
    const drawn = (words[place] ?? 0n) | ((words[place + 1] ?? 0n) << 64n);
    const value = (BigInt.asUintN(bits, drawn) - middle) << BigInt(shift);
    words[place] = BigInt.asUintN(64, value);
    words[place + 1] = BigInt.asUintN(64, value >> 64n);
  }
  return words;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function countBits(value: number): number {
  let bits = value - ((value >> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333);
  return (((bits + (bits >> 4)) & 0x0f0f0f0f) * 0x01010101) >> 24;
}
