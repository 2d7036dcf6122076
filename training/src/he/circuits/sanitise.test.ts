import { describe, expect, it } from 'vitest';
import type { HostMap } from '../../models/family.js';
import { context } from '../../testing/fixtures.js';
import {
  byPrimes,
  combine,
  key,
  loadOne,
  minus,
  publicKey,
  readOne,
  scheme,
  secret,
} from '../../testing/scheme.js';
import { sealDecode } from '../../testing/seal.js';
import type { Ciphertext } from '../ckks/encryption.js';
import { linearParameters } from '../ckks/parameters.js';
import type { TraceCiphertext } from '../ckks/sanitising.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import { power } from '../ring/modular.js';
import type { Residues } from '../ring/residues.js';
import { encodeMap } from './hostMap.js';
import { blockSize } from './packing.js';
import { encryptQuery, readQuery } from './query.js';
import { evaluateReply, parseReply } from './reply.js';

const features = 10;
const { ring, encode } = scheme;
const roundOf = (attempt: number) => ({
  ...context,
  attempt,
  features,
  inputs: features,
  outputs: features,
  subset: 0,
});
const map: HostMap = {
  inputs: features,
  outputs: features,
  matrix: Float64Array.from({ length: features * features }, (_, place) => Math.sqrt(place + 2) % 1),
  offset: new Float64Array(features),
};
const encoded = encodeMap(scheme, map);

async function modelOf(weight: number, attempt: number): Promise<Ciphertext> {
  const weights = new Float64Array(features).fill(weight);
  const sent = await encryptQuery(scheme, key, roundOf(attempt), weights);
  return readQuery(scheme, sent, roundOf(attempt))[0]!;
}

/** A host's second part without sanitising: second-in times the matrix, nothing else. */
const unsanitised = ({ second }: Ciphertext): Promise<Residues> =>
  readOne(ring.sumProducts([{ terms: [[second, encoded.matrix[0]!]] }])[0]);

async function sanitised(
  model: Ciphertext,
  attempt: number,
  seed: string,
  used = encoded,
): Promise<TraceCiphertext> {
  const input = { map: used, query: [model], publicKey, seed: Buffer.from(seed) };
  const bytes = await evaluateReply(scheme, input, roundOf(attempt));
  return parseReply(linearParameters, bytes, roundOf(attempt)).result;
}

/** What a curious model owner does: divides what came back by what it sent, and decodes. */
function divideAndDecode(out: Residues, sent: Residues): Float64Array {
  const quotient = combine([out, sent], ([value, by], q) => (value! * power(by!, q - 2n, q)) % q);
  return sealDecode(byPrimes(quotient), linearParameters.matrixScaleBits);
}

/** Largest error of the first matrix row as it would stand in the slots. */
function errorOfGuess(slots: Float64Array): number {
  let most = 0;
  for (let j = 0; j < features; j++) most = Math.max(most, Math.abs(slots[j]! - map.matrix[j * features]!));
  return most;
}

/** How many residues of two polynomials are equal: none, or by rare chance one, for independent ones. */
function countEqual(a: Residues, b: Residues): number {
  return a.reduce((count, value, place) => count + (value === b[place]! ? 1 : 0), 0);
}

describe('replies', async () => {
  const model = await modelOf(0.5, 1);
  const second = await readOne(model.second);

  it('would give the matrix away without sanitising', async () => {
    expect(errorOfGuess(divideAndDecode(await unsanitised(model), second))).toBeLessThan(1e-6);
  });

  it('do not give it away', async () => {
    const reply = await sanitised(model, 1, 'a');
    expect(errorOfGuess(divideAndDecode(reply.second, second))).toBeGreaterThan(1e6);
    expect(countEqual(reply.second, await unsanitised(model))).toBeLessThan(2);
  });

  it('that differ in the seed differ everywhere: no randomness is shared', async () => {
    const [a, b] = [await sanitised(model, 1, 'a'), await sanitised(model, 1, 'b')];
    expect(countEqual(a.second, b.second)).toBeLessThan(2);
    expect(countEqual(a.trace, b.trace)).toBe(0);
  });

  it('to two models under one seed would cancel, which is why the seed covers every byte of the input', async () => {
    const other = await modelOf(0.25, 1);
    const sent = minus(second, await readOne(other.second));
    const apart = async (...seeds: readonly [string, string]): Promise<Residues> =>
      minus((await sanitised(model, 1, seeds[0])).second, (await sanitised(other, 1, seeds[1])).second);
    expect(errorOfGuess(divideAndDecode(await apart('same', 'same'), sent))).toBeLessThan(1e-6);
    expect(errorOfGuess(divideAndDecode(await apart('one', 'two'), sent))).toBeGreaterThan(1e6);
  });

  it('under one seed share nothing either where another matrix is encoded: the seed is tied to the map', async () => {
    const nudged = encodeMap(scheme, { ...map, matrix: map.matrix.map((entry) => entry + 2 ** -20) });
    const seed = secret.toString();
    const apart = minus(
      (await sanitised(model, 1, seed)).second,
      (await sanitised(model, 1, seed, nudged)).second,
    );
    // Were u and the noise the same, this would be the difference of the matrices: 2^-20 wherever there is an entry.
    const [first] = divideAndDecode(apart, second);
    expect(Math.abs(first!)).toBeGreaterThan(1e6);
  });

  it('carry noise far above that of the product, and below the precision that is promised', () => {
    // e·M has a standard deviation of 3.24 · |encoded M| = 3.24 · 2^36 · |M| / √(N/2) in each of 2·D coefficients.
    const { ringDegree, matrixScaleBits, floodBits } = linearParameters;
    const frobenius = Math.sqrt(map.matrix.reduce((sum, value) => sum + value * value, 0));
    const product = (3.24 * 2 ** matrixScaleBits * frobenius) / Math.sqrt(ringDegree / 2);
    expect((32 * product) / 2 ** floodBits).toBeLessThan(2 ** -42);
  });
});

describe('the rounding of the encoded matrix', () => {
  const block = blockSize(linearParameters, 16);
  const slots = (bits: number): Residues => {
    const out = new Float64Array(4096);
    for (let i = 0; i < features; i++)
      for (let j = 0; j < features; j++) out[i * 16 + j] = map.matrix[j * features + i]!;
    return encode(out, bits);
  };
  const weights = new Float64Array(4096);
  for (let i = 0; i < features; i++) weights.fill(i % 2 === 0 ? 1 : -1, i * 16, (i + 1) * 16);
  const small = loadOne(encode(weights, 40));

  async function traceOf(matrix: Residues): Promise<bigint[]> {
    const [factor] = ring.factors([loadOne(matrix)]);
    const [sums] = ring.invert(ring.sumBlocks([{ terms: [[small, factor]] }], block));
    return centredIntegers(await readOne(sums), linearParameters.primes, BigInt(block));
  }

  /** What a reply shows of the rounding, over the flooding: a statistical distance, summed over coefficients, |w| = 1. */
  async function distance(bits: { matrixScaleBits: number; floodBits: number }): Promise<number> {
    const rounded = await traceOf(slots(bits.matrixScaleBits));
    const fine = await traceOf(slots(bits.matrixScaleBits + 32));
    const apart = rounded.reduce((sum, value, k) => sum + Math.abs(Number((value << 32n) - fine[k]!)), 0);
    return (apart * 2 ** (linearParameters.modelScaleBits - 40 - 32)) / 2 ** bits.floodBits;
  }

  it('attack 54: is drowned by the flooding, as it was not at scale 2^28 under 2^74', async () => {
    expect(await distance({ matrixScaleBits: 28, floodBits: 74 })).toBeGreaterThan(1);
    expect(await distance(linearParameters)).toBeLessThan(0.05);
  });
});
