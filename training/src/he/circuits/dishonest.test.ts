import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { coupleHash, writeFrame, type FrameHeader } from '../../messages/frame.js';
import type { HostMap } from '../../models/family.js';
import { context } from '../../testing/fixtures.js';
import { loadOne, readOne, scheme } from '../../testing/scheme.js';
import { readPublicKey } from '../ckks/keys.js';
import { linearParameters, parametersHash } from '../ckks/parameters.js';
import { centredIntegers } from '../ring/chineseRemainder.js';
import type { Residues } from '../ring/residues.js';
import { encodeMap } from './hostMap.js';
import { readQuery } from './query.js';
import { evaluateReply, parseReply } from './reply.js';

// A model owner that follows the form of messages and nothing else: what README.md says it can read, it can.

const features = 10;
const { ringDegree, modelScaleBits, floodBits, primes } = linearParameters;
const { ring } = scheme;
const drbg = new Drbg(Buffer.from('dishonest'));
const map: HostMap = {
  inputs: features,
  outputs: features,
  matrix: Float64Array.from({ length: features ** 2 }, () => drbg.below(2 ** 32) / 2 ** 31 - 1),
  offset: new Float64Array(features),
};
const encoded = encodeMap(scheme, map);
const { block } = encoded.packing;
const zero = new BigUint64Array(ringDegree * primes.length);

function messageOf(header: Partial<FrameHeader> & Pick<FrameHeader, 'kind'>, body: Residues[]): Uint8Array {
  const blank = { features: 0, scaleBits: 0, attempt: 0, subset: 0, ringDegree, primes: primes.length };
  const names = { parameters: parametersHash(linearParameters), couple: coupleHash(context) };
  return writeFrame({ ...blank, ...names, ...header }, body);
}

async function coefficientsOf(trace: Residues): Promise<bigint[]> {
  const [coefficients] = ring.invert([loadOne(trace)]);
  return centredIntegers(await readOne(coefficients), primes, BigInt(block));
}

/** The first part of a host's reply to any polynomial, under a public key of zeros, where u·pk is nothing. */
async function replyTo(first: Residues): Promise<bigint[]> {
  const header = { kind: 'encryptedModel', features, scaleBits: modelScaleBits, attempt: 1 } as const;
  const reply = { ...context, attempt: 1, features, inputs: features, outputs: features, subset: 0 };
  const input = {
    map: encoded,
    query: readQuery(scheme, messageOf(header, [new BigUint64Array(4), first]), reply),
    publicKey: readPublicKey(scheme, messageOf({ kind: 'encryptedKey' }, [zero]), context),
    seed: Buffer.from('reply'),
  };
  const { result } = parseReply(linearParameters, await evaluateReply(scheme, input, reply), reply);
  return coefficientsOf(result.trace);
}

/** 2^bits · X^-shift: brings coefficients of the matrix to places that the trace keeps. */
function question(bits: number, shift: number): Promise<Residues> {
  const coefficients = new BigUint64Array(2 * ringDegree);
  // X^-shift = −X^(N − shift).
  const value = -(2n ** BigInt(bits));
  coefficients.set([BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n)], 2 * (ringDegree - shift));
  return readOne(ring.transformWide([coefficients])[0]);
}

/** What a reply to the question would say if it were not flooded: coefficients of the encoded matrix. */
async function truth(shift: number): Promise<bigint[]> {
  const asked = loadOne(await question(0, shift));
  const [trace] = ring.sumBlocks([{ terms: [[asked, encoded.matrix[0]!]] }], block);
  return coefficientsOf(await readOne(trace));
}

const round = (value: bigint, bits: number): bigint => (value + (1n << BigInt(bits - 1))) >> BigInt(bits);
const read = async (bits: number, shift: number): Promise<bigint[]> =>
  (await replyTo(await question(bits, shift))).map((value) => round(value, bits));

describe('a dishonest model owner', () => {
  it('reads a coefficient of the encoded matrix, exactly, in every coefficient of the trace', async () => {
    for (const shift of [5, 9]) {
      expect(await read(floodBits + 1, shift)).toEqual(await truth(shift));
      expect(new Set(await truth(shift)).size).toBe(ringDegree / block);
    }
  });

  it('finds its reply’s capacity bounded by the modulus over the flooding: 38 bits a coefficient', async () => {
    const modulus = primes.reduce((product, q) => product * q, 1n);
    expect(modulus >> BigInt(floodBits)).toBeLessThan(1n << 38n);
    const coefficients = await truth(5);
    // The flooding covers as many low bits as are asked for below it; what is above the modulus wraps.
    const under = await read(floodBits - 24, 5);
    expect(under.filter((value, k) => value === coefficients[k])).toHaveLength(0);
    const above = await read(floodBits + 20, 5);
    expect(above.filter((value, k) => value === coefficients[k])).toHaveLength(0);
  });
});
