import type { Drbg } from '../drbg.js';
import { at } from '../numbers.js';
import type { PrimeKernel, Residues } from './kernel.js';

// Distributions as in Microsoft SEAL, drawn from our own generator, so that a seed repeats them.

/** Uniform in {−1, 0, 1}; the bias is below 2^-31. */
export function sampleTernary(drbg: Drbg, count: number): Int32Array {
  const words = wordsOf(drbg.bytes(4 * count));
  const out = new Int32Array(count);
  for (let index = 0; index < count; index++) out[index] = (at(words, index) % 3) - 1;
  return out;
}

/** Centred binomial of 21 against 21 bits: standard deviation 3.24. */
export function sampleNoise(drbg: Drbg, count: number): Int32Array {
  const words = wordsOf(drbg.bytes(8 * count));
  const mask = 0x1fffff;
  const out = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    out[index] = countBits(at(words, 2 * index) & mask) - countBits(at(words, 2 * index + 1) & mask);
  }
  return out;
}

/** Uniform residues, one polynomial per prime. */
export function sampleUniform(drbg: Drbg, kernels: readonly PrimeKernel[]): Residues[] {
  return kernels.map((kernel) => kernel.uniform(drbg.bytes(16 * kernel.degree)));
}

/** Uniform integers in [−2^(bits − 1), 2^(bits − 1)), bits ≤ 128. */
export function sampleWide(drbg: Drbg, count: number, bits: number): bigint[] {
  const bytes = drbg.bytes(16 * count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, index) => {
    const value = view.getBigUint64(16 * index, true) | (view.getBigUint64(16 * index + 8, true) << 64n);
    return BigInt.asUintN(bits, value) - (1n << BigInt(bits - 1));
  });
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

function countBits(value: number): number {
  let bits = value - ((value >> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333);
  return (((bits + (bits >> 4)) & 0x0f0f0f0f) * 0x01010101) >> 24;
}
