import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drbg } from './drbg.js';

const seed = Buffer.from('seed');

describe('the generator', () => {
  it('is the AES-256-CTR stream under SHA-256(seed), however it is cut', () => {
    const key = createHash('sha256').update(seed).digest();
    const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(60_000));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 6 }), (cuts) => {
        const drbg = new Drbg(seed);
        const got = Buffer.concat(cuts.map((count) => drbg.bytes(count)));
        expect(Buffer.compare(got, stream.subarray(0, got.length))).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('draws integers uniformly (χ², 10 values, 20000 draws)', () => {
    const drbg = new Drbg(seed);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 20_000; draw++) counts[drbg.below(10)]! += 1;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquared).toBeLessThan(27.9); // 99.9 % of 9 degrees of freedom
  });

  it('shuffles without losing anything', () => {
    const items = Uint32Array.from({ length: 100 }, (_, index) => index);
    new Drbg(seed).shuffle(items);
    expect(Array.from(items)).not.toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(Array.from(items).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});
