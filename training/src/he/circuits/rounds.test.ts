import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { applyMap } from '../../models/applyMap.js';
import type { HostMap } from '../../models/family.js';
import { context } from '../../testing/fixtures.js';
import { invertSmall, transformSmall } from '../../testing/referenceTransforms.js';
import {
  byPrimes,
  combine,
  joined,
  key,
  loadOne,
  multiply,
  publicKey,
  readFactor,
  readOne,
  scheme,
  secret,
} from '../../testing/scheme.js';
import { allPrimes, sealDecode, sealDecrypt, sealEncode, sealMultiply } from '../../testing/seal.js';
import { largestNoise } from '../ckks/noise.js';
import { LARGEST_UPDATE, LARGEST_WEIGHT, linearParameters } from '../ckks/parameters.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import { inverseOf, minimalRoot, rootTable } from '../ring/modular.js';
import type { Residues } from '../ring/residues.js';
import { sampleTernary } from '../ring/sample.js';
import { encodeMap } from './hostMap.js';
import { blockSize, slotPeriod } from './packing.js';
import { encryptQuery, readQuery } from './query.js';
import { decryptReply, evaluateReply, parseReply } from './reply.js';
import { decodeTrace } from './traceSlots.js';

const { modelScaleBits, matrixScaleBits, primes } = linearParameters;
const { ring, encode } = scheme;
const drbg = new Drbg(Buffer.from('encryption'));
const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, uniform);
const roundOf = (features: number, attempt = 1) => ({
  ...context,
  attempt,
  features,
  inputs: features,
  outputs: features,
  subset: 4,
});

function randomMap(features: number): HostMap {
  return {
    inputs: features,
    outputs: features,
    matrix: numbers(features ** 2),
    offset: numbers(features),
  };
}

/** Residues of s for every prime of SEAL's chain, of those that the backend multiplies by. */
async function secretForSeal(): Promise<Residues[]> {
  const q = primes[0]!;
  const root = inverseOf(minimalRoot(q, 8192), q);
  const values = Array.from((await readFactor(key.secretKey.secret)).subarray(0, 8192));
  // Ternary coefficients are the same modulo each prime: derive them once, transform them for all.
  const centred = invertSmall(values, rootTable(root, 8192, q), q).map((each) =>
    each > q / 2n ? -1n : each,
  );
  expect(new Set(centred)).toEqual(new Set([-1n, 0n, 1n]));
  return allPrimes.map((prime) => {
    const table = rootTable(minimalRoot(prime, 8192), 8192, prime);
    return BigUint64Array.from(transformSmall(centred, table, prime));
  });
}

describe('encryption', async () => {
  const round = roundOf(10);
  const weights = numbers(10);
  const bytes = await encryptQuery(scheme, key, round, weights);
  const query = readQuery(scheme, bytes, round);
  const model = await Promise.all([query[0]!.first, query[0]!.second].map(readOne));

  it('encodes as SEAL does', () => {
    const slots = numbers(4096);
    for (const bits of [modelScaleBits, matrixScaleBits])
      expect(encode(slots, bits)).toEqual(joined(sealEncode(slots, bits)));
  });

  it('makes models that SEAL decrypts under our key', async () => {
    const slots = sealDecrypt(byPrimes(...model), modelScaleBits, await secretForSeal());
    for (let i = 0; i < 16; i++) {
      for (const slot of [16 * i, 16 * i + 15]) expect(slots[slot]).toBeCloseTo(weights[i] ?? 0, 9);
    }
    expect(Math.abs(slots[256] ?? 1)).toBeLessThan(1e-9);
  });

  it('has with −s what undoes s', async () => {
    const [secret_, negated] = await Promise.all(
      [key.secretKey.secret, key.secretKey.negated].map(readFactor),
    );
    expect(combine([secret_!, negated!], ([a, b], q) => (a! + b!) % q)).toEqual(new BigUint64Array(2 * 8192));
  });

  it('makes public keys under which u·pk is an encryption of zero for SEAL', async () => {
    const [u] = ring.transformSigned([sampleTernary(drbg, 8192)]);
    const zero = await ring.read(
      ring.sumProducts([{ terms: [[u, publicKey.first]] }, { terms: [[u, publicKey.second]] }]),
    );
    const slots = sealDecrypt(byPrimes(...zero), 60, await secretForSeal());
    expect(Math.max(...slots.map(Math.abs))).toBeLessThan(2 ** -40);
  });

  it('multiplies by a plaintext as SEAL does, to the last bit', async () => {
    const slots = numbers(4096);
    const plaintext = encode(slots, matrixScaleBits);
    const product = await Promise.all(model.map((part) => multiply(part, plaintext)));
    const expected = sealMultiply(byPrimes(...model), modelScaleBits, slots, matrixScaleBits);
    expect(byPrimes(...product)).toEqual(expected);
  });

  it.each([16, 32, 256, 1024])(
    'adds slots up over traces of period %d as SEAL’s decoding does',
    async (period) => {
      const block = blockSize(linearParameters, period);
      const slots = numbers(4096);
      const whole = loadOne(joined(sealEncode(slots, 60)));
      const trace = ring.invert(ring.sumBlocks([{ terms: [], plus: [whole] }], block));
      const coefficients = centredIntegers(await readOne(trace[0]), primes, BigInt(block));
      const { real, imaginary } = decodeTrace(coefficients, block, 60);
      expect(Math.max(...imaginary.map(Math.abs))).toBeLessThan(1e-9);
      const decoded = sealDecode(sealEncode(slots, 60), 60);
      for (let j = 0; j < period; j++) {
        let sum = 0;
        for (let slot = j; slot < 4096; slot += period) sum += decoded[slot]!;
        expect(real[j]).toBeCloseTo(sum, 7);
      }
    },
  );

  async function replyTo(map: HostMap, w: Float64Array, round_: ReturnType<typeof roundOf>) {
    const sent = await encryptQuery(scheme, key, round_, w);
    const seed = Buffer.from('reply');
    const input = { map: encodeMap(scheme, map), query: readQuery(scheme, sent, round_), publicKey, seed };
    return evaluateReply(scheme, input, round_);
  }

  it.each([1, 2, 10, 16, 17, 31, 32])('gives M·w + c for %d features', async (features) => {
    const round_ = roundOf(features, 5);
    const w = numbers(features);
    const map = randomMap(features);
    const update = await replyTo(map, w, round_);
    const { result } = await decryptReply(scheme, key.secretKey, [{ bytes: update, reply: round_ }]);
    const { real, imaginary } = result;
    const expected = applyMap(map, w);
    for (let j = 0; j < slotPeriod(features); j++)
      expect(Math.abs(real[j]! - (expected[j] ?? 0))).toBeLessThan(2 ** -16);
    const noise = Math.max(...imaginary.map(Math.abs));
    expect(noise).toBeLessThan(2 ** -16);
    expect(noise).toBeGreaterThan(2 ** -26); // the flooding is there
  });

  it.each([10, 32])('has room for the largest weights and updates of %d features', async (features) => {
    const w = new Float64Array(features).fill(LARGEST_WEIGHT);
    const map = {
      inputs: features,
      outputs: features,
      matrix: new Float64Array(features ** 2).fill(16_000 / features / LARGEST_WEIGHT),
      offset: new Float64Array(features).fill(LARGEST_UPDATE - 16_000),
    };
    const update = await replyTo(map, w, roundOf(features));
    const { result } = await decryptReply(scheme, key.secretKey, [
      { bytes: update, reply: roundOf(features) },
    ]);
    const { real, imaginary } = result;
    for (let j = 0; j < features; j++) expect(real[j]).toBeCloseTo(LARGEST_UPDATE, 4);
    expect(Math.max(...imaginary.map(Math.abs))).toBeLessThan(largestNoise(linearParameters) / 4);
  });

  it('sends of the first part nothing but its trace', async () => {
    const input = { map: encodeMap(scheme, randomMap(10)), query, publicKey, seed: secret };
    const { result } = parseReply(linearParameters, await evaluateReply(scheme, input, round), round);
    const { trace, second } = result;
    expect([trace.length, second.length]).toEqual([2 * 32, 2 * 8192]);
  });
});
