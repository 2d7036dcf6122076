import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { sampleNoise, sampleSigned, sampleTernary, sampleWide } from './sample.js';

const drbg = new Drbg(Buffer.from('samples'));

describe('samples', () => {
  const mean = (values: Int32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = (values: Int32Array): number =>
    values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const wide = (words: BigUint64Array): bigint[] =>
    Array.from({ length: words.length / 2 }, (_, place) =>
      BigInt.asIntN(128, words[2 * place]! | (words[2 * place + 1]! << 64n)),
    );

  it('of ternary numbers are even', () => {
    const sample = sampleTernary(drbg, 100_000);
    expect([...new Set(sample)].sort()).toEqual([-1, 0, 1]);
    expect(mean(sample)).toBeCloseTo(0, 1);
    expect(square(sample)).toBeCloseTo(2 / 3, 1);
  });

  it('of signed numbers fill their range, both ends included', () => {
    expect([...new Set(sampleSigned(drbg, 1000, 2))].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1]);
    const sample = sampleSigned(drbg, 100_000, 20);
    expect(Math.abs(mean(sample)) / 2 ** 19).toBeLessThan(0.02);
    expect(square(sample) / 2 ** 38).toBeCloseTo(1 / 3, 2);
  });

  it('of noise have variance 10.5, as SEAL’s', () => {
    const sample = sampleNoise(drbg, 100_000);
    expect(Math.abs(mean(sample))).toBeLessThan(0.06);
    expect(Math.abs(square(sample) - 10.5)).toBeLessThan(0.3);
    expect(Math.max(...sample)).toBeLessThanOrEqual(21);
  });

  it('of wide noise fill their range', () => {
    const sample = wide(sampleWide(drbg, 4000, 82));
    const bound = 1n << 81n;
    expect(sample.every((value) => value >= -bound && value < bound)).toBe(true);
    expect(sample.some((value) => value > (bound * 9n) / 10n)).toBe(true);
    expect(sample.some((value) => value < (-bound * 9n) / 10n)).toBe(true);
    const middle = Number(sample.reduce((sum, value) => sum + value, 0n) / 4000n) / 2 ** 81;
    expect(Math.abs(middle)).toBeLessThan(0.05);
  });

  it('of wide noise are multiplied where that is asked for', () => {
    const [plain, shifted] = [0, 8].map((shift) =>
      wide(sampleWide(new Drbg(Buffer.from('s')), 50, 82, shift)),
    );
    expect(shifted).toEqual(plain!.map((value) => value * 256n));
  });
});
