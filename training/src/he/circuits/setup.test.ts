import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import type { HostMap } from '../../models/family.js';
import { context } from '../../testing/fixtures.js';
import { key, minus, publicKey, scheme } from '../../testing/scheme.js';
import { largestSetupNoise } from '../ckks/noise.js';
import { linearParameters } from '../ckks/parameters.js';
import { encodeMap } from './hostMap.js';
import { encryptQuery, readQuery } from './query.js';
import { decryptReply, evaluateReply, parseReply } from './reply.js';
import { encodeSetup, largestSetup, readSetup, setupPeriod } from './setup.js';

const drbg = new Drbg(Buffer.from('setup'));
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
const map: HostMap = { inputs: 5, outputs: 5, matrix: numbers(25), offset: numbers(5) };
const roundOf = (setup: number) => ({
  ...context,
  attempt: 1,
  features: 5,
  inputs: 5,
  outputs: 5,
  setup,
  subset: 2,
  withSetup: true,
});
const encoded = encodeMap(scheme, map);

async function replyWith(setup: Float64Array, seed = 'first') {
  const round = roundOf(setup.length);
  const query = readQuery(scheme, await encryptQuery(scheme, key, round, numbers(5)), round);
  const input = {
    map: encoded,
    query,
    publicKey,
    seed: Buffer.from(seed),
    setup: encodeSetup(scheme, setup),
  };
  return { round, bytes: await evaluateReply(scheme, input, round) };
}

async function readBack(setup: Float64Array) {
  const { round, bytes } = await replyWith(setup);
  const decrypted = await decryptReply(scheme, key.secretKey, [{ bytes, reply: round }]);
  return readSetup(decrypted.setup!, setup.length);
}

const largestOf = (values: readonly number[]): number => Math.max(0, ...values.map(Math.abs));

describe('a set-up', () => {
  it.each([
    [1, 16],
    [32, 16],
    [33, 32],
    [152, 128],
    [272, 256],
    [1056, 1024],
    [8192, 4096],
  ])('of %d numbers comes back in a trace of period %d, to 20 bits', async (count, period) => {
    expect(setupPeriod(count)).toBe(period);
    const sent = numbers(count);
    const read = await readBack(sent);
    expect(read.numbers).toHaveLength(count);
    expect(read.noise).toHaveLength(2 * period - count);
    expect(largestOf(read.numbers.map((value, place) => value - sent[place]!))).toBeLessThan(2 ** -20);
    expect(largestOf(read.noise)).toBeLessThan(largestSetupNoise(linearParameters) / 4);
  });

  it.each([272, 1056])('has room for the largest numbers: %d', async (count) => {
    const bound = largestSetup(linearParameters, count);
    expect(bound).toBe(count === 272 ? 1024 : 256);
    for (const sign of [() => 1, (place: number) => (place % 2 === 0 ? 1 : -1)]) {
      const sent = Float64Array.from({ length: count }, (_, place) => sign(place) * bound);
      const read = await readBack(sent);
      expect(largestOf(read.numbers.map((value, place) => value - sent[place]!))).toBeLessThan(2 ** -18);
    }
  });

  it('is cut to its range: one number cannot spoil the others', async () => {
    const sent = numbers(272).with(3, 1e30).with(4, -1e30);
    const { numbers: read, noise } = await readBack(sent);
    expect([read[3], read[4]].map((value) => Math.round(value!))).toEqual([1024, -1024]);
    expect(largestOf(noise)).toBeLessThan(largestSetupNoise(linearParameters) / 4);
    expect(Math.abs(read[5]! - sent[5]!)).toBeLessThan(2 ** -18);
  });

  it('is sanitised by itself: no randomness is shared with the result, another seed or other numbers', async () => {
    const sent = numbers(272);
    const parsed = async (setup: Float64Array, seed?: string) => {
      const { round, bytes } = await replyWith(setup, seed);
      return parseReply(linearParameters, bytes, round);
    };
    const first = await parsed(sent);
    const others = [await parsed(sent, 'second'), await parsed(sent.map((value) => value + 2 ** -40))];
    for (const second of [first.result.second, ...others.map(({ setup }) => setup!.second)])
      expect(minus(first.setup!.second, second).filter((each) => each === 0n).length).toBeLessThan(2);
    expect((await parsed(sent)).setup).toEqual(first.setup);
  });

  it('sends of the first part nothing but its trace', async () => {
    const { round, bytes } = await replyWith(numbers(272));
    const { trace, second } = parseReply(linearParameters, bytes, round).setup!;
    expect([trace.length, second.length]).toEqual([2 * 512, 2 * 8192]);
  });

  it('carries flooding in every coefficient', async () => {
    const { noise } = await readBack(numbers(1056));
    expect(largestOf(noise)).toBeGreaterThan(2 ** -26);
    expect(noise.filter((value) => Math.abs(value) < 2 ** -40)).toEqual([]);
  });
});
