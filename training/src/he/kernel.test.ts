import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import { sealTransformPair } from '../testing/seal.js';
import { kernelsOf, type Residues } from './kernel.js';
import {
  invertSmall,
  inverseOf,
  minimalRoot,
  power,
  reverseBits,
  rootTable,
  transformSmall,
} from './modular.js';
import { linearParameters } from './parameters.js';
import { sampleNoise, sampleTernary, sampleUniform, sampleWide } from './sample.js';

const { primes, ringDegree } = linearParameters;
const kernels = kernelsOf(linearParameters);
const drbg = new Drbg(Buffer.from('kernel'));
const random = (): Residues[] => sampleUniform(drbg, kernels);

/** Naive reference: the value of a polynomial at a point. */
function valueAt(coefficients: BigUint64Array, point: bigint, q: bigint): bigint {
  let value = 0n;
  for (let index = coefficients.length - 1; index >= 0; index--)
    value = (value * point + coefficients[index]!) % q;
  return value;
}

describe.each(primes.map((q, index) => ({ q, index })))('the kernel modulo $q', ({ q, index }) => {
  const kernel = kernels[index]!;

  it('transforms as SEAL does, to the last bit', () => {
    const { coefficients, transformed } = sealTransformPair();
    for (const part of [index, primes.length + index]) {
      expect(kernel.transform(coefficients[part]!)).toEqual(transformed[part]);
    }
  });

  it('transforms to values at odd powers of the root, in bit-reversed order', () => {
    const polynomial = random()[index]!;
    const transformed = kernel.transform(polynomial);
    const root = minimalRoot(q, ringDegree);
    for (const place of [0, 1, 2, 77, 4096, 8191]) {
      const point = power(root, BigInt(2 * reverseBits(place, 13) + 1), q);
      expect(transformed[place]).toBe(valueAt(polynomial, point, q));
    }
  });

  it('transforms extreme residues as the reference does', () => {
    const table = rootTable(minimalRoot(q, ringDegree), ringDegree, q);
    for (const value of [0n, 1n, q - 1n]) {
      const polynomial = new BigUint64Array(ringDegree).fill(value);
      expect(kernel.transform(polynomial)).toEqual(
        BigUint64Array.from(transformSmall(Array.from(polynomial), table, q)),
      );
    }
  });

  it('lifts signed numbers', () => {
    const small = Int32Array.from({ length: ringDegree }, (_, place) => (place % 43) - 21);
    const lifted = BigUint64Array.from(small, (value) => (BigInt(value) + q) % q);
    expect(kernel.transformSigned(small)).toEqual(kernel.transform(lifted));
  });

  it('multiplies and adds as BigInt does', () => {
    const [a, b, sum] = [random()[index]!, random()[index]!, random()[index]!];
    a.set([0n, 1n, q - 1n, q - 1n]);
    b.set([q - 1n, q - 1n, q - 1n, 1n]);
    const expected = sum.map((value, place) => (value + a[place]! * b[place]!) % q);
    expect(kernel.addProducts(sum, [a, kernel.toMontgomery(b)])).toEqual(expected);
    const twice = sum.map((value, place) => (value + 2n * a[place]! * b[place]!) % q);
    const form = kernel.toMontgomery(b);
    expect(kernel.addProducts(sum, [a, form], [a, form])).toEqual(twice);
    expect(kernel.add(a, b)).toEqual(a.map((value, place) => (value + b[place]!) % q));
  });

  it.each([128, 256])('sums products over runs of %d', (block) => {
    const [a, b] = [random()[index]!, random()[index]!];
    const sums = kernel.productBlockSums(a, kernel.toMontgomery(b), block);
    expect(sums).toHaveLength(ringDegree / block);
    let expected = 0n;
    for (let place = block; place < 2 * block; place++) expected += a[place]! * b[place]!;
    expect(sums[1]).toBe(expected % q);
  });

  it('reduces 128 random bits', () => {
    const bytes = new Uint8Array(16 * ringDegree).fill(0xff);
    expect(kernel.uniform(bytes)[0]).toBe(((1n << 128n) - 1n) % q);
    bytes.set(new Drbg(Buffer.from('u')).bytes(16));
    const view = new DataView(bytes.buffer);
    expect(kernel.uniform(bytes)[0]).toBe(
      (view.getBigUint64(0, true) + (view.getBigUint64(8, true) << 64n)) % q,
    );
  });

  it('finds residues that are out of range, wherever they are', () => {
    const residues = random()[index]!;
    expect(kernel.inRange(residues)).toBe(true);
    for (const place of [0, 4000, 8191]) {
      const changed = residues.slice();
      changed[place] = q;
      expect(kernel.inRange(changed)).toBe(false);
      changed[place] = 2n ** 64n - 1n;
      expect(kernel.inRange(changed)).toBe(false);
      changed[place] = q - 1n;
      expect(kernel.inRange(changed)).toBe(true);
    }
  });
});

describe('small transforms', () => {
  it('are undone by their inverse', () => {
    const q = primes[0]!;
    const table = rootTable(power(minimalRoot(q, ringDegree), 256n, q), 32, q);
    const inverses = table.map((root) => inverseOf(root, q));
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: q - 1n }), { minLength: 32, maxLength: 32 }),
        (values) => {
          expect(invertSmall(transformSmall(values, table, q), inverses, q)).toEqual(values);
        },
      ),
    );
  });
});

describe('samples', () => {
  const mean = (values: Int32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = (values: Int32Array): number =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;

  it('of ternary numbers are even', () => {
    const sample = sampleTernary(drbg, 100_000);
    expect([...new Set(sample)].sort()).toEqual([-1, 0, 1]);
    expect(mean(sample)).toBeCloseTo(0, 1);
    expect(square(sample)).toBeCloseTo(2 / 3, 1);
  });

  it('of noise have variance 10.5, as SEAL’s', () => {
    const sample = sampleNoise(drbg, 100_000);
    expect(Math.abs(mean(sample))).toBeLessThan(0.06);
    expect(Math.abs(square(sample) - 10.5)).toBeLessThan(0.3);
    expect(Math.max(...sample)).toBeLessThanOrEqual(21);
  });

  it('of wide noise fill their range', () => {
    const sample = sampleWide(drbg, 4000, 82);
    const bound = 1n << 81n;
    expect(sample.every((value) => value >= -bound && value < bound)).toBe(true);
    expect(sample.some((value) => value > (bound * 9n) / 10n)).toBe(true);
    expect(sample.some((value) => value < (-bound * 9n) / 10n)).toBe(true);
    const middle = Number(sample.reduce((sum, value) => sum + value, 0n) / 4000n) / 2 ** 81;
    expect(Math.abs(middle)).toBeLessThan(0.05);
  });
});
