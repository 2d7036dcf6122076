import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import type { HostMap } from '../models/family.js';
import { coupleHash, writeFrame, type FrameHeader } from '../messages/frame.js';
import { context } from '../testing/fixtures.js';
import { encodeMap } from './hostMap.js';
import { kernelsOf, type Residues } from './kernel.js';
import { readPublicKey } from './keys.js';
import { readModel } from './modelCiphertext.js';
import { linearParameters, parametersHash } from './parameters.js';
import { loadEncoder } from './seal.js';
import { traceRingOf } from './traceRing.js';
import { evaluateUpdate, readUpdate } from './update.js';

// A model owner that follows the form of messages and nothing else: what README.md says it can read, it can.

const features = 10;
const { ringDegree, modelScaleBits, floodBits, primes } = linearParameters;
const encode = await loadEncoder(linearParameters);
const kernels = kernelsOf(linearParameters);
const ring = traceRingOf(linearParameters, features);
const drbg = new Drbg(Buffer.from('dishonest'));
const map: HostMap = {
  inputs: features,
  outputs: features,
  matrix: Float64Array.from({ length: features ** 2 }, () => drbg.below(2 ** 32) / 2 ** 31 - 1),
  offset: new Float64Array(features),
};
const zero = new BigUint64Array(ringDegree);

function messageOf(header: Partial<FrameHeader> & Pick<FrameHeader, 'kind'>, body: Residues[]): Uint8Array {
  const blank = { features: 0, scaleBits: 0, attempt: 0, subset: 0, ringDegree, primes: primes.length };
  const names = { parameters: parametersHash(linearParameters), couple: coupleHash(context) };
  return writeFrame({ ...blank, ...names, ...header }, body);
}

/** The first part of a host's reply to any polynomial, under a public key of zeros, where u·pk is nothing. */
function replyTo(first: Residues[]): bigint[] {
  const seed = new BigUint64Array(4);
  const header = { kind: 'encryptedModel', features, scaleBits: modelScaleBits, attempt: 1 } as const;
  const update = { ...context, attempt: 1, features, subset: 0 };
  const input = {
    map: encodeMap(linearParameters, map, encode),
    model: readModel(linearParameters, messageOf(header, [seed, ...first]), update),
    publicKey: readPublicKey(linearParameters, messageOf({ kind: 'encryptedKey' }, [zero, zero]), context),
    seed: Buffer.from('reply'),
  };
  const { traces } = readUpdate(linearParameters, evaluateUpdate(linearParameters, input, update), update);
  return ring.coefficientsOf(traces.map((part) => Array.from(part)));
}

/** 2^bits · X^-shift: brings coefficients of the matrix to places that the trace keeps. */
function question(bits: number, shift: number): Residues[] {
  return kernels.map((kernel) => {
    const coefficients = zero.slice();
    // X^-shift = −X^(N − shift).
    coefficients[ringDegree - shift] = kernel.q - (2n ** BigInt(bits) % kernel.q);
    return kernel.transform(coefficients);
  });
}

/** What a reply to the question would say if it were not flooded: coefficients of the encoded matrix. */
function truth(shift: number): bigint[] {
  const matrix = encodeMap(linearParameters, map, encode).matrix;
  const sums = kernels.map((kernel, index) =>
    Array.from(kernel.productBlockSums(question(0, shift)[index]!, matrix[index]!, ring.block)),
  );
  return ring.coefficientsOf(sums);
}

const round = (value: bigint, bits: number): bigint => (value + (1n << BigInt(bits - 1))) >> BigInt(bits);
const read = (bits: number, shift: number): bigint[] =>
  replyTo(question(bits, shift)).map((value) => round(value, bits));

describe('a dishonest model owner', () => {
  it('reads a coefficient of the encoded matrix, exactly, in every coefficient of the trace', () => {
    for (const shift of [5, 9]) {
      expect(read(floodBits + 1, shift)).toEqual(truth(shift));
      expect(new Set(truth(shift)).size).toBe(ring.size);
    }
  });

  it('finds its reply’s capacity bounded by the modulus over the flooding: 38 bits a coefficient', () => {
    const modulus = primes.reduce((product, q) => product * q, 1n);
    expect(modulus >> BigInt(floodBits)).toBeLessThan(1n << 38n);
    // The flooding covers as many low bits as are asked for below it; what is above the modulus wraps.
    const under = read(floodBits - 24, 5);
    expect(under.filter((value, k) => value === truth(5)[k])).toHaveLength(0);
    const above = read(floodBits + 20, 5);
    expect(above.filter((value, k) => value === truth(5)[k])).toHaveLength(0);
  });
});
