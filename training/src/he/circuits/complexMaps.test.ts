import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { applyImaginary, applyMap } from '../../models/applyMap.js';
import type { HostMap } from '../../models/family.js';
import { context } from '../../testing/fixtures.js';
import { combine, key, minus, publicKey, readFactor, readOne, scheme } from '../../testing/scheme.js';
import { largestNoise } from '../ckks/noise.js';
import { linearParameters } from '../ckks/parameters.js';
import type { Residues } from '../ring/residues.js';
import { encodeMap } from './hostMap.js';
import { packingOf, slotPeriod } from './packing.js';
import { encryptQuery, readQuery } from './query.js';
import { decryptReply, evaluateReply, parseReply } from './reply.js';

const drbg = new Drbg(Buffer.from('complex'));
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
const roundOf = (inputs: number, outputs: number) => ({
  ...context,
  attempt: 3,
  features: outputs,
  inputs,
  outputs,
  subset: 1,
});
const mapOf = (inputs: number, outputs: number): HostMap => ({
  inputs,
  outputs,
  matrix: numbers(inputs * outputs),
  offset: numbers(outputs),
  imaginary: numbers(inputs * outputs),
});

async function exchange(map: HostMap, values: Float64Array, seed = 'reply') {
  const round = roundOf(map.inputs, map.outputs);
  const sent = await encryptQuery(scheme, key, round, values);
  const query = readQuery(scheme, sent, round);
  const input = { map: encodeMap(scheme, map), query, publicKey, seed: Buffer.from(seed) };
  return { round, sent, query, bytes: await evaluateReply(scheme, input, round) };
}

const largestOf = (values: Iterable<number>): number => Math.max(0, ...[...values].map(Math.abs));

describe('a map on several ciphertexts', () => {
  it.each([
    [1, 1, 1],
    [256, 16, 1],
    [257, 16, 2],
    [152, 16, 1],
    [300, 7, 2],
    [527, 31, 5],
    [560, 32, 5],
  ])('of %d inputs and %d outputs gives both results in one reply of %d ciphertexts', async (...sizes) => {
    const [inputs, outputs, ciphertexts] = sizes;
    expect(packingOf(linearParameters, { inputs, outputs }).ciphertexts).toBe(ciphertexts);
    const [map, values] = [mapOf(inputs, outputs), numbers(inputs)];
    const { round, query, bytes } = await exchange(map, values);
    expect(query).toHaveLength(ciphertexts);
    const { result, setup } = await decryptReply(scheme, key.secretKey, [{ bytes, reply: round }]);
    expect(setup).toBeUndefined();
    const bound = largestNoise(linearParameters, { inputs, maxInput: 1, ciphertexts, imaginary: true }) / 4;
    const expected = [applyMap(map, values), applyImaginary(map, values)] as const;
    for (let j = 0; j < slotPeriod(outputs); j++) {
      expect(Math.abs(result.real[j]! - (expected[0][j] ?? 0))).toBeLessThan(bound);
      expect(Math.abs(result.imaginary[j]! - (expected[1][j] ?? 0))).toBeLessThan(bound);
    }
  });

  it('leaves imaginary parts to noise where there is no second result', async () => {
    const { imaginary: _, ...map } = mapOf(300, 16);
    const { round, bytes } = await exchange(map, numbers(300));
    const { result } = await decryptReply(scheme, key.secretKey, [{ bytes, reply: round }]);
    expect(largestOf(result.imaginary)).toBeLessThan(2 ** -17);
  });

  it('has another hash for another second result, and for its absence', () => {
    const map = mapOf(20, 5);
    const nudged = {
      ...map,
      imaginary: map.imaginary!.map((entry, place) => entry + (place === 7 ? 2 ** -30 : 0)),
    };
    const { imaginary: _, ...real } = map;
    const zero = { ...map, imaginary: new Float64Array(100) };
    const hashes = [map, nudged, real, zero].map((each) =>
      Buffer.from(encodeMap(scheme, each).hash).toString('hex'),
    );
    expect(new Set(hashes).size).toBe(4);
  });

  it('is refused where its sizes are others than it says, or a number is none', () => {
    const map = mapOf(20, 5);
    const spoilt: Partial<HostMap>[] = [
      { matrix: numbers(99) },
      { imaginary: numbers(101) },
      { offset: numbers(4) },
      { inputs: 0, matrix: numbers(0), imaginary: numbers(0) },
      ...[NaN, Infinity].flatMap((value) => [
        { matrix: map.matrix.with(3, value) },
        { imaginary: map.imaginary!.with(99, value) },
        { offset: map.offset.with(0, value) },
      ]),
    ];
    for (const change of spoilt) expect(() => encodeMap(scheme, { ...map, ...change })).toThrow('VT7501');
  });
});

describe('a query of several ciphertexts', () => {
  it('shares no randomness between them, also where their plaintexts are the same', async () => {
    const round = roundOf(512, 16);
    const query = readQuery(
      scheme,
      await encryptQuery(scheme, key, round, new Float64Array(512).fill(0.5)),
      round,
    );
    const [a, b] = query;
    const same = (x: Residues, y: Residues): number =>
      minus(x, y).reduce((sum, each) => sum + (each === 0n ? 1 : 0), 0);
    expect(same(await readOne(a!.first), await readOne(b!.first))).toBeLessThan(2);
    expect(same(await readOne(a!.second), await readOne(b!.second))).toBeLessThan(2);
  });

  it('changes in all ciphertexts where one plaintext changes', async () => {
    const round = roundOf(512, 16);
    const send = async (last: number) =>
      readQuery(scheme, await encryptQuery(scheme, key, round, new Float64Array(512).with(511, last)), round);
    const [a, b] = [await send(0), await send(1)];
    const apart = minus(await readOne(a[0]!.second), await readOne(b[0]!.second));
    expect(apart.filter((each) => each === 0n).length).toBeLessThan(2);
  });

  it('is refused with another count of numbers, or none', async () => {
    const round = roundOf(152, 16);
    for (const values of [
      numbers(151),
      numbers(153),
      numbers(152).with(9, NaN),
      numbers(152).with(0, -Infinity),
    ])
      await expect(encryptQuery(scheme, key, round, values)).rejects.toThrow('VT7501');
  });
});

describe('a reply to several ciphertexts', () => {
  it('is sanitised: without, second-out would be the sum of products, from which the matrix follows', async () => {
    const [map, values] = [mapOf(300, 16), numbers(300)];
    const { round, query, bytes } = await exchange(map, values);
    const { second } = parseReply(linearParameters, bytes, round).result;
    const { matrix } = encodeMap(scheme, map);
    const factors = await Promise.all(matrix.map(readFactor));
    const seconds = await Promise.all(query.map((each) => readOne(each.second)));
    const products = seconds.map((each, index) =>
      combine([each, factors[index]!], ([a, b], q) => (a! * b!) % q),
    );
    const bare = combine([products[0]!, products[1]!], ([a, b], q) => (a! + b!) % q);
    expect(minus(second, bare).filter((each) => each === 0n).length).toBeLessThan(2);
    const again = await exchange(map, values, 'another seed');
    const other = parseReply(linearParameters, again.bytes, round).result.second;
    expect(minus(second, other).filter((each) => each === 0n).length).toBeLessThan(2);
  });
});
