import { describe, expect, it } from 'vitest';
import type { PairMask } from '../he/ckks/masks.js';
import { maskResidues } from '../he/ckks/masks.js';
import { linearParameters } from '../he/ckks/parameters.js';
import { encodePackage } from '../data/package.js';
import { splitTable } from '../data/split.js';
import { templateDigest } from '../data/template.js';
import { refusal } from '../testing/errors.js';
import { context, diabetes, packageOf, prepare } from '../testing/fixtures.js';
import { openPackage, packageContent } from './openedPackage.js';
import { pairMasksOf, type SharedInput } from './pairMasks.js';
import { maskedNumbers, sumOfMasked } from './summedNumbers.js';

const sums = prepare(diabetes(), 7, { aggregation: 'sum' });
const apart = prepare(diabetes(), 7);
const job: Omit<SharedInput, 'package'> = {
  ...context,
  programDigest: 'sha256:p',
  keyDigest: 'sha256:k',
  modelDigest: 'sha256:m',
  attempt: 1,
};
const masksOf = (subset: number, change: Partial<SharedInput> = {}): PairMask[] =>
  pairMasksOf({ ...job, package: packageOf(sums, subset), ...change });
const seedsOf = (masks: readonly PairMask[]): string[] =>
  masks.map(({ seed }) => Buffer.from(seed).toString('hex'));
const { primes } = linearParameters;
const residuesOf = (subset: number, change: Partial<SharedInput> = {}): bigint[] => [
  ...maskResidues(masksOf(subset, change), 'result', { primes }, 32),
];
const qAt = (place: number): bigint => primes[Math.floor(place / 32)]!;
const sumOf = (parts: readonly (readonly bigint[])[]): bigint[] =>
  parts[0]!.map((_, place) => parts.reduce((sum, part) => sum + part[place]!, 0n) % qAt(place));

describe('packages of a dataset whose replies are added up', () => {
  it('name their batch, and share a secret with each other package of it, and with none beside', () => {
    expect(packageOf(sums, 1).batch).toMatchObject({ subsets: [0, 1, 2] });
    expect(packageOf(sums, 5).batch).toMatchObject({ subsets: [3, 4, 5, 6] });
    const rows = [3, 4, 5, 6].reduce((sum, subset) => sum + sums.template.subsetRows[subset]!, 0);
    expect(packageOf(sums, 5).batch!.rows).toBe(rows);
    const seeds = sums.packages.map((opened) =>
      packageContent(opened).pairSeeds.map((seed) => Buffer.from(seed).toString('hex')),
    );
    expect(seeds.map(({ length }) => length)).toEqual([2, 2, 2, 3, 3, 3, 3]);
    // 0 with 1 and 2, 1 with 0 and 2, 2 with 0 and 1.
    expect([seeds[0]![0], seeds[0]![1], seeds[1]![1]]).toEqual([seeds[1]![0], seeds[2]![0], seeds[2]![1]]);
    expect(new Set(seeds.flat()).size).toBe(3 + 6);
  });

  it('say nothing of a batch where replies stand for themselves, and keep their bytes', () => {
    expect(packageOf(apart, 1).batch).toBeUndefined();
    expect(packageContent(packageOf(apart, 1)).pairSeeds).toEqual([]);
    const length = Buffer.from(apart.packageBytes[1]!).readUInt32LE(8);
    const header = Buffer.from(apart.packageBytes[1]!).toString('utf8', 12, 12 + length);
    expect(Object.keys(JSON.parse(header) as object)).toEqual([
      'features',
      'rows',
      'schemaVersion',
      'subset',
      'templateDigest',
      'totalRows',
    ]);
    expect(apart.template).not.toHaveProperty('aggregation');
  });

  it('have other secrets in another dataset, though its owner gives the same one', () => {
    const other = prepare(diabetes(), 6, { aggregation: 'sum' });
    expect(templateDigest(other.template)).not.toBe(templateDigest(sums.template));
    const seeds = [sums, other].map((split) => packageContent(packageOf(split, 0)).pairSeeds);
    expect(seeds[0]).not.toEqual(seeds[1]);
  });

  it('are refused without a mask secret, and with one where replies stand for themselves', () => {
    const secrets = { shardSecret: new Uint8Array(32), maskSecret: new Uint8Array(32) };
    for (const aggregation of ['sum', undefined] as const) {
      const { shards, template } = splitTable(diabetes(), {
        subsets: 3,
        ...(aggregation && { aggregation }),
      });
      const shard = shards[0]!;
      const { shardSecret, maskSecret } = secrets;
      const wrong = aggregation ? { shardSecret } : { shardSecret, maskSecret };
      refusal(() => encodePackage({ template, shard, ...wrong }), 'VT7501');
      const short = { shardSecret, maskSecret: new Uint8Array(31) };
      refusal(() => encodePackage({ template, shard, ...short }), 'VT7501');
    }
    refusal(() => splitTable(diabetes(), { subsets: 2, aggregation: 'sum' }), 'VT7101');
  });

  it.each([
    ['that it is not in', { first: 2 }],
    ['of other rows', { rows: [20, 20, 20] }],
    ['of two', { rows: [63, 63] }],
    ['with smaller subsets than the smallest', { leastRows: 100 }],
  ])('are refused with a batch %s', (_, change) => {
    const bytes = Buffer.from(sums.packageBytes[1]!);
    const length = bytes.readUInt32LE(8);
    const header = JSON.parse(bytes.toString('utf8', 12, 12 + length)) as { batch: object };
    const text = Buffer.from(JSON.stringify({ ...header, batch: { ...header.batch, ...change } }));
    const start = Buffer.from(bytes.subarray(0, 12));
    start.writeUInt32LE(text.length, 8);
    refusal(() => openPackage(Buffer.concat([start, text, bytes.subarray(12 + length)])), 'VT7202');
  });
});

describe('masks', () => {
  it('attack 4: cancel over a batch and over nothing less, so that a void one leaves nothing to open', () => {
    for (const batch of [
      [0, 1, 2],
      [3, 4, 5, 6],
    ]) {
      const all = batch.map((subset) => residuesOf(subset));
      expect(sumOf(all).every((value) => value === 0n)).toBe(true);
      for (let left = 1; left < 2 ** batch.length - 1; left++) {
        const some = sumOf(all.filter((_, place) => (left >> place) % 2 === 1));
        expect(some.filter((value) => value === 0n)).toHaveLength(0);
      }
    }
  });

  it.each([
    ['another model', { modelDigest: 'sha256:n' }],
    ['another key', { keyDigest: 'sha256:l' }],
    ['another program', { programDigest: 'sha256:q' }],
    ['another attempt', { attempt: 2 }],
    ['another couple', { couple: 'tc_2' }],
    ['another channel', { channel: 'other' }],
    ['another chaincode', { chaincode: 'other' }],
  ])('are unrelated in a replay with %s: no difference of two replies takes them off', (_, change) => {
    const seeds = [seedsOf(masksOf(1)), seedsOf(masksOf(1, change))];
    expect(new Set(seeds.flat()).size).toBe(4);
    // Neither does a sum over a batch whose replies come from both.
    const mixed = sumOf([residuesOf(0), residuesOf(1), residuesOf(2, change)]);
    expect(mixed.filter((value) => value === 0n)).toHaveLength(0);
    expect(sumOf([0, 1, 2].map((subset) => residuesOf(subset, change))).every((value) => value === 0n)).toBe(
      true,
    );
  });

  it('differ by the part of a reply', () => {
    const parts = ['result', 'setup'].map((part) => maskResidues(masksOf(1), part, { primes }, 32));
    expect(parts[0]!.filter((value, place) => value === parts[1]![place])).toHaveLength(0);
  });

  it('in clear hide every number of an update, and leave no trace in the sum', () => {
    const numbers = [0, 1, 2].map((subset) => [subset + 0.25, -1000.5, 2 ** -50, 0]);
    const sent = numbers.map((own, subset) => maskedNumbers(own, masksOf(subset)));
    expect(sumOfMasked(sent)).toEqual([3.75, -3001.5, 3 * 2 ** -50, 0]);
    for (const fewer of [[sent[0]!], [sent[1]!, sent[2]!]])
      for (const value of sumOfMasked(fewer)) expect(Math.abs(value)).toBeGreaterThan(2 ** 40);
    expect(sumOfMasked([maskedNumbers(numbers[0]!, [])])).toEqual(numbers[0]);
  });

  it('are none where replies stand for themselves', () => {
    expect(pairMasksOf({ ...job, package: packageOf(apart, 1) })).toEqual([]);
  });
});
