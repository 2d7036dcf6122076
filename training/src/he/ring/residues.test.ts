import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/errors.js';
import { centredIntegers } from './chineseRemainder.js';
import { bytesOf, byPrime, readAllResidues, readResidues } from './residues.js';

const primes = [1152921504606683137n, 1152921504606748673n];
const shape = { ringDegree: 8, primes };
const [q] = primes as [bigint, bigint];

describe('residues', () => {
  it('are read as they were written, at any place in memory', () => {
    const residues = BigUint64Array.from({ length: 16 }, (_, place) => BigInt(place) << 40n);
    const shifted = new Uint8Array(129);
    shifted.set(bytesOf(residues), 1);
    expect(readResidues(shifted.subarray(1), shape)).toEqual(residues);
    expect(byPrime(residues, primes)[1]).toEqual(residues.slice(8));
    expect(readAllResidues(bytesOf(residues), shape, 2)).toEqual([residues.slice(0, 8), residues.slice(8)]);
  });

  it.each([0, 3, 7])('are refused where one is not below its prime: place %d', (place) => {
    const residues = new BigUint64Array(16);
    for (const value of [q, q + 1n, ((q >> 32n) + 1n) << 32n, 2n ** 64n - 1n]) {
      residues[place] = value;
      expect(refusal(() => readResidues(bytesOf(residues), shape), 'VT7407').facts).toEqual({ prime: 0 });
    }
    for (const value of [q - 1n, (q >> 32n) << 32n, 0xffffffffn]) {
      residues[place] = value;
      expect(readResidues(bytesOf(residues), shape)[place]).toBe(value);
    }
    // The second prime is larger than the first.
    residues[place] = 0n;
    residues[8 + place] = q;
    expect(readResidues(bytesOf(residues), shape)[8 + place]).toBe(q);
  });

  it('are those of one centred integer', () => {
    const modulus = primes[0]! * primes[1]!;
    const values = [0n, 1n, -1n, 2n ** 118n, -(2n ** 118n), modulus / 2n, -(modulus / 2n)];
    const residues = BigUint64Array.from(
      primes.flatMap((each) => values.map((value) => (((value * 128n) % each) + each) % each)),
    );
    expect(centredIntegers(residues, primes, 128n)).toEqual(values);
  });
});
