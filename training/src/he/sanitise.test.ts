import { describe, expect, it } from 'vitest';
import type { HostMap } from '../models/family.js';
import { context } from '../testing/fixtures.js';
import { sealDecode } from '../testing/seal.js';
import { encodeMap } from './hostMap.js';
import { kernelsOf, type Residues } from './kernel.js';
import { makeKeyPair, readPublicKey } from './keys.js';
import { encryptModel, readModel } from './modelCiphertext.js';
import { power } from './modular.js';
import { linearParameters } from './parameters.js';
import { loadEncoder } from './seal.js';
import { traceRingOf } from './traceRing.js';
import { evaluateUpdate, readUpdate } from './update.js';

const features = 10;
const secret = new Uint8Array(32).fill(3);
const { secretKey, message } = makeKeyPair(linearParameters, secret, context);
const publicKey = readPublicKey(linearParameters, message, context);
const encode = await loadEncoder(linearParameters);
const kernels = kernelsOf(linearParameters);
const map: HostMap = {
  inputs: features,
  outputs: features,
  matrix: Float64Array.from({ length: features * features }, (_, place) => Math.sqrt(place + 2) % 1),
  offset: new Float64Array(features),
};
const encoded = encodeMap(linearParameters, map, encode);

function modelOf(weight: number, attempt: number) {
  const round = { ...context, attempt, features };
  const weights = new Float64Array(features).fill(weight);
  return readModel(
    linearParameters,
    encryptModel(linearParameters, { secret, secretKey }, round, weights, encode),
    round,
  );
}

/** A host's second part without sanitising: second-in times the matrix, nothing else. */
function unsanitised(second: readonly Residues[]): Residues[] {
  return kernels.map((kernel, index) =>
    kernel.addProducts(new BigUint64Array(8192), [second[index]!, encoded.matrix[index]!]),
  );
}

function sanitised(
  model: ReturnType<typeof modelOf>,
  attempt: number,
  seed: string,
): { traces: Residues[]; seconds: Residues[] } {
  const update = { ...context, attempt, features, subset: 0 };
  const input = { map: encoded, model, publicKey, seed: Buffer.from(seed) };
  return readUpdate(linearParameters, evaluateUpdate(linearParameters, input, update), update);
}

/** What a curious model owner does: divides what came back by what it sent, and decodes. */
function divideAndDecode(out: readonly Residues[], sent: readonly Residues[]): Float64Array {
  const quotient = kernels.map(({ q }, index) =>
    out[index]!.map((value, place) => (value * power(sent[index]![place]!, q - 2n, q)) % q),
  );
  return sealDecode(quotient, linearParameters.matrixScaleBits);
}

/** Largest error of the first matrix row as it would stand in the slots. */
function errorOfGuess(slots: Float64Array): number {
  let most = 0;
  for (let j = 0; j < features; j++) most = Math.max(most, Math.abs(slots[j]! - map.matrix[j * features]!));
  return most;
}

/** How many residues of two polynomials are equal: none, or by rare chance one, for independent ones. */
function countEqual(a: readonly Residues[], b: readonly Residues[]): number {
  return a.reduce(
    (sum, part, index) =>
      sum + part.reduce((count, value, place) => count + (value === b[index]![place] ? 1 : 0), 0),
    0,
  );
}

describe('replies', () => {
  const model = modelOf(0.5, 1);

  it('would give the matrix away without sanitising', () => {
    expect(errorOfGuess(divideAndDecode(unsanitised(model.second), model.second))).toBeLessThan(1e-6);
  });

  it('do not give it away', () => {
    const { seconds } = sanitised(model, 1, 'a');
    expect(errorOfGuess(divideAndDecode(seconds, model.second))).toBeGreaterThan(1e6);
    expect(countEqual(seconds, unsanitised(model.second))).toBeLessThan(2);
  });

  it('that differ in the seed differ everywhere: no randomness is shared', () => {
    const [a, b] = [sanitised(model, 1, 'a'), sanitised(model, 1, 'b')];
    expect(countEqual(a.seconds, b.seconds)).toBeLessThan(2);
    expect(countEqual(a.traces, b.traces)).toBe(0);
  });

  it('to two models under one seed would cancel, which is why the seed covers every byte of the input', () => {
    const other = modelOf(0.25, 1);
    const minus = (a: readonly Residues[], b: readonly Residues[]): Residues[] =>
      kernels.map(({ q }, index) => a[index]!.map((value, place) => (value + q - b[index]![place]!) % q));
    const sent = minus(model.second, other.second);
    const careless = minus(sanitised(model, 1, 'same').seconds, sanitised(other, 1, 'same').seconds);
    expect(errorOfGuess(divideAndDecode(careless, sent))).toBeLessThan(1e-6);
    const careful = minus(sanitised(model, 1, 'one').seconds, sanitised(other, 1, 'two').seconds);
    expect(errorOfGuess(divideAndDecode(careful, sent))).toBeGreaterThan(1e6);
  });

  it('under one seed share nothing either where another matrix is encoded: the seed is tied to the map', () => {
    const nudged = { ...map, matrix: map.matrix.map((entry) => entry + 2 ** -20) };
    const [a, b] = [map, nudged].map((each) => {
      const update = { ...context, attempt: 1, features, subset: 0 };
      const input = { map: encodeMap(linearParameters, each, encode), model, publicKey, seed: secret };
      return readUpdate(linearParameters, evaluateUpdate(linearParameters, input, update), update).seconds;
    });
    const apart = kernels.map(({ q }, index) =>
      a![index]!.map((value, place) => (value + q - b![index]![place]!) % q),
    );
    // Were u and the noise the same, this would be the difference of the matrices: 2^-20 wherever there is an entry.
    const [first] = divideAndDecode(apart, model.second);
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
  const ring = traceRingOf(linearParameters, features);
  const slots = (bits: number): Residues[] => {
    const out = new Float64Array(4096);
    for (let i = 0; i < features; i++)
      for (let j = 0; j < features; j++) out[i * 16 + j] = map.matrix[j * features + i]!;
    return encode(out, bits);
  };
  const weights = new Float64Array(4096);
  for (let i = 0; i < features; i++) weights.fill(i % 2 === 0 ? 1 : -1, i * 16, (i + 1) * 16);
  const small = encode(weights, 40);

  function traceOf(matrix: readonly Residues[]): bigint[] {
    const sums = kernels.map((kernel, index) =>
      Array.from(kernel.productBlockSums(small[index]!, kernel.toMontgomery(matrix[index]!), ring.block)),
    );
    return ring.coefficientsOf(sums);
  }

  /** What a reply shows of the rounding, over the flooding: a statistical distance, summed over coefficients, |w| = 1. */
  function distance({ matrixScaleBits, floodBits }: { matrixScaleBits: number; floodBits: number }): number {
    const [rounded, fine] = [traceOf(slots(matrixScaleBits)), traceOf(slots(matrixScaleBits + 32))];
    const apart = rounded.reduce((sum, value, k) => sum + Math.abs(Number((value << 32n) - fine[k]!)), 0);
    return (apart * 2 ** (linearParameters.modelScaleBits - 40 - 32)) / 2 ** floodBits;
  }

  it('attack 54: is drowned by the flooding, as it was not at scale 2^28 under 2^74', () => {
    expect(distance({ matrixScaleBits: 28, floodBits: 74 })).toBeGreaterThan(1);
    expect(distance(linearParameters)).toBeLessThan(0.05);
  });
});
