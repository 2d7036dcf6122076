import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import { applyMap } from '../models/applyMap.js';
import type { HostMap } from '../models/family.js';
import { allPrimes, dataPrimes, sealDecode, sealDecrypt, sealEncode, sealMultiply } from '../testing/seal.js';
import { context } from '../testing/fixtures.js';
import { encodeMap } from './hostMap.js';
import { kernelsOf, type Residues } from './kernel.js';
import { makeKeyPair, readPublicKey, type SecretKey } from './keys.js';
import { encryptModel, readModel } from './modelCiphertext.js';
import { minimalRoot, power, rootTable, transformSmall } from './modular.js';
import { largestNoise } from './noise.js';
import { LARGEST_UPDATE, LARGEST_WEIGHT, linearParameters, slotPeriod } from './parameters.js';
import { sampleTernary } from './sample.js';
import { loadEncoder } from './seal.js';
import { traceRingOf } from './traceRing.js';
import { decodeTrace } from './traceSlots.js';
import { decryptUpdate, evaluateUpdate, readUpdate } from './update.js';

const { modelScaleBits, matrixScaleBits } = linearParameters;
const secret = new Uint8Array(32).fill(3);
const { secretKey, message } = makeKeyPair(linearParameters, secret, context);
const publicKey = readPublicKey(linearParameters, message, context);
const encode = await loadEncoder(linearParameters);
const kernels = kernelsOf(linearParameters);
const drbg = new Drbg(Buffer.from('encryption'));
const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;

function randomMap(features: number): HostMap {
  return {
    inputs: features,
    outputs: features,
    matrix: Float64Array.from({ length: features * features }, uniform),
    offset: Float64Array.from({ length: features }, uniform),
  };
}

/** Undoes what {@link SecretKey} does to the key, with BigInt: residues of s for every prime of SEAL's chain. */
function secretForSeal({ negated }: SecretKey): Residues[] {
  const q = dataPrimes[0]!;
  const inverse = power(1n << 64n, q - 2n, q);
  const values = Array.from(negated[0]!, (value) => (q - ((value * inverse) % q)) % q);
  // Ternary coefficients are the same modulo each prime: derive them once, transform them for all.
  const coefficients = inverseTransform(values, q).map((value) => (value > q / 2n ? -1n : value));
  expect(new Set(coefficients)).toEqual(new Set([-1n, 0n, 1n]));
  return allPrimes.map((prime) => {
    const table = rootTable(minimalRoot(prime, 8192), 8192, prime);
    return BigUint64Array.from(transformSmall(coefficients, table, prime));
  });
}

function inverseTransform(values: readonly bigint[], q: bigint): bigint[] {
  const inverseRoot = power(minimalRoot(q, 8192), q - 2n, q);
  const table = rootTable(inverseRoot, 8192, q);
  const out = [...values];
  for (let blocks = 4096, half = 1; blocks >= 1; blocks /= 2, half *= 2) {
    for (let block = 0; block < blocks; block++) {
      for (let left = 2 * block * half; left < (2 * block + 1) * half; left++) {
        const [u, v] = [out[left]!, out[left + half]!];
        out[left] = (u + v) % q;
        out[left + half] = ((u - v + q) * table[blocks + block]!) % q;
      }
    }
  }
  const size = power(8192n, q - 2n, q);
  return out.map((value) => (value * size) % q);
}

describe('encryption', () => {
  const round = { ...context, attempt: 1, features: 10 };
  const weights = Float64Array.from({ length: 10 }, uniform);
  const bytes = encryptModel(linearParameters, { secret, secretKey }, round, weights, encode);
  const model = readModel(linearParameters, bytes, round);

  it('encodes as SEAL does', () => {
    const slots = Float64Array.from({ length: 4096 }, uniform);
    for (const bits of [modelScaleBits, matrixScaleBits])
      expect(encode(slots, bits)).toEqual(sealEncode(slots, bits));
  });

  it('makes models that SEAL decrypts under our key', () => {
    const slots = sealDecrypt([...model.first, ...model.second], modelScaleBits, secretForSeal(secretKey));
    for (let i = 0; i < 16; i++) {
      for (const slot of [16 * i, 16 * i + 15]) expect(slots[slot]).toBeCloseTo(weights[i] ?? 0, 9);
    }
    expect(Math.abs(slots[256] ?? 1)).toBeLessThan(1e-9);
  });

  it('makes public keys under which u·pk is an encryption of zero for SEAL', () => {
    const u = sampleTernary(drbg, 8192);
    const zero = (part: readonly Residues[]): Residues[] =>
      kernels.map((kernel, index) =>
        kernel.addProducts(new BigUint64Array(8192), [kernel.transformSigned(u), part[index]!]),
      );
    const slots = sealDecrypt(
      [...zero(publicKey.first), ...zero(publicKey.second)],
      60,
      secretForSeal(secretKey),
    );
    expect(Math.max(...slots.map(Math.abs))).toBeLessThan(2 ** -40);
  });

  it('multiplies by a plaintext as SEAL does, to the last bit', () => {
    const slots = Float64Array.from({ length: 4096 }, uniform);
    const plaintext = encode(slots, matrixScaleBits);
    const product = [...model.first, ...model.second].map((residues, place) => {
      const kernel = kernels[place % 2]!;
      return kernel.addProducts(new BigUint64Array(8192), [
        residues,
        kernel.toMontgomery(plaintext[place % 2]!),
      ]);
    });
    const whole = [...model.first, ...model.second];
    expect(product).toEqual(sealMultiply(whole, modelScaleBits, slots, matrixScaleBits));
  });

  it('adds slots up over traces as SEAL’s decoding does', () => {
    for (const features of [16, 32]) {
      const ring = traceRingOf(linearParameters, features);
      const period = slotPeriod(features);
      const slots = Float64Array.from({ length: 4096 }, uniform);
      const values = sealEncode(slots, 60).map((residues, index) =>
        Array.from({ length: ring.size }, (_, block) => {
          const run = residues.subarray(block * ring.block, (block + 1) * ring.block);
          return run.reduce((sum, value) => (sum + value) % dataPrimes[index]!, 0n);
        }),
      );
      const { sums, largestNoise } = decodeTrace(ring.coefficientsOf(values), ring.block, 60);
      expect(largestNoise).toBeLessThan(1e-9);
      const decoded = sealDecode(sealEncode(slots, 60), 60);
      for (let j = 0; j < period; j++) {
        let sum = 0;
        for (let slot = j; slot < 4096; slot += period) sum += decoded[slot]!;
        expect(sums[j]).toBeCloseTo(sum, 7);
      }
    }
  });

  it.each([1, 2, 10, 16, 17, 31, 32])('gives M·w + c for %d features', (features) => {
    const context_ = { ...context, attempt: 5, features };
    const w = Float64Array.from({ length: features }, uniform);
    const map = randomMap(features);
    const sent = encryptModel(linearParameters, { secret, secretKey }, context_, w, encode);
    const input = {
      map: encodeMap(linearParameters, map, encode),
      model: readModel(linearParameters, sent, context_),
      publicKey,
      seed: Buffer.from('reply'),
    };
    const update = evaluateUpdate(linearParameters, input, { ...context_, subset: 4 });
    const { sums, largestNoise } = decryptUpdate(linearParameters, secretKey, update, {
      ...context_,
      subset: 4,
    });
    const expected = applyMap(map, w);
    for (let j = 0; j < slotPeriod(features); j++)
      expect(Math.abs(sums[j]! - (expected[j] ?? 0))).toBeLessThan(2 ** -16);
    expect(largestNoise).toBeLessThan(2 ** -16);
    expect(largestNoise).toBeGreaterThan(2 ** -26); // the flooding is there
  });

  it.each([10, 32])('has room for the largest weights and updates of %d features', (features) => {
    const round = { ...context, attempt: 1, features };
    const w = new Float64Array(features).fill(LARGEST_WEIGHT);
    const map = {
      inputs: features,
      outputs: features,
      matrix: new Float64Array(features ** 2).fill(16_000 / features / LARGEST_WEIGHT),
      offset: new Float64Array(features).fill(LARGEST_UPDATE - 16_000),
    };
    const input = {
      map: encodeMap(linearParameters, map, encode),
      model: readModel(
        linearParameters,
        encryptModel(linearParameters, { secret, secretKey }, round, w, encode),
        round,
      ),
      publicKey,
      seed: Buffer.from('large'),
    };
    const update = evaluateUpdate(linearParameters, input, { ...round, subset: 0 });
    const { sums, largestNoise: noise } = decryptUpdate(linearParameters, secretKey, update, {
      ...round,
      subset: 0,
    });
    for (let j = 0; j < features; j++) expect(sums[j]).toBeCloseTo(LARGEST_UPDATE, 4);
    expect(noise).toBeLessThan(largestNoise(linearParameters) / 4);
  });

  it('sends of the first part nothing but its trace', () => {
    const input = { map: encodeMap(linearParameters, randomMap(10), encode), model, publicKey, seed: secret };
    const update = evaluateUpdate(linearParameters, input, { ...round, subset: 0 });
    const { traces, seconds } = readUpdate(linearParameters, update, { ...round, subset: 0 });
    expect(traces.map((part) => part.length)).toEqual([32, 32]);
    expect(seconds.map((part) => part.length)).toEqual([8192, 8192]);
  });
});
