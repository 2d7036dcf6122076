import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchoredChain,
  canonicalHash,
  draw,
  drawAnchor,
  drawLink,
  drawSeed,
  linkBefore,
  openLink,
} from './index.js';

const seedOf = (...parts: (string | number)[]): string => canonicalHash('test', parts.map(String));

/** Draws `rounds` times and carries the remainder from round to round. */
function play(subsets: number, count: number, rounds: number, seed: string): number[][] {
  const all: number[][] = [];
  let remainder: readonly number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const drawn = draw({ seed: seedOf(seed, round), subsets, count, remainder });
    all.push([...drawn.drawn]);
    remainder = drawn.remainder;
  }
  return all;
}

const shape = fc.integer({ min: 2, max: 40 }).chain((subsets) =>
  fc.record({
    subsets: fc.constant(subsets),
    count: fc.integer({ min: 1, max: subsets }),
    seed: fc.string(),
  }),
);

describe('draw', () => {
  it('draws that many subsets, without doubles, all of them known', () => {
    fc.assert(
      fc.property(shape, ({ subsets, count, seed }) => {
        for (const drawn of play(subsets, count, 20, seed)) {
          expect(new Set(drawn).size).toBe(count);
          expect(drawn.every((index) => index >= 0 && index < subsets)).toBe(true);
        }
      }),
    );
  });

  it('never draws a subset twice more often than another', () => {
    fc.assert(
      fc.property(shape, ({ subsets, count, seed }) => {
        const times = new Array<number>(subsets).fill(0);
        for (const drawn of play(subsets, count, 3 * subsets, seed)) {
          for (const index of drawn) times[index] = (times[index] ?? 0) + 1;
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('uses all subsets before any is used twice, order by order', () => {
    for (const [subsets, count] of [
      [6, 2],
      [9, 3],
      [5, 5],
      [12, 4],
    ] as const) {
      const rounds = play(subsets, count, (3 * subsets) / count, 'orders');
      for (let at = 0; at < rounds.length; at += subsets / count) {
        const order = rounds.slice(at, at + subsets / count).flat();
        expect([...order].sort((a, b) => a - b)).toEqual(
          Array.from({ length: subsets }, (_, index) => index),
        );
      }
    }
  });

  it('takes what an order owes before the next order begins', () => {
    const { drawn, remainder } = draw({ seed: seedOf('owed'), subsets: 5, count: 3, remainder: [1, 4] });
    expect(new Set(drawn.slice(0, 2))).toEqual(new Set([1, 4]));
    expect(remainder).toHaveLength(4);
    expect(remainder).toEqual(expect.arrayContaining([1, 4]));
  });

  it('is uniform: χ² of first draws and of pairs stays in bounds', () => {
    const subsets = 7;
    const trials = 21_000;
    const first = new Array<number>(subsets).fill(0);
    const pairs = new Map<string, number>();
    for (let trial = 0; trial < trials; trial += 1) {
      const { drawn } = draw({ seed: seedOf('χ', trial), subsets, count: 2, remainder: [] });
      first[drawn[0] ?? 0] = (first[drawn[0] ?? 0] ?? 0) + 1;
      const pair = drawn.join();
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const squares = (counts: readonly number[], cells: number) =>
      counts.reduce((sum, count) => sum + (count - trials / cells) ** 2 / (trials / cells), 0);
    // 99.99 % bounds: 6 degrees of freedom 27.9, 41 degrees 83.5. Seeds are fixed, so this cannot flake.
    expect(squares(first, subsets)).toBeLessThan(27.9);
    expect(pairs.size).toBe(subsets * (subsets - 1));
    expect(squares([...pairs.values()], subsets * (subsets - 1))).toBeLessThan(83.5);
  });
});

describe('draw chain', () => {
  const facts = { channel: 'market', chaincode: 'veritrain', coupleId: 'tc_a', side: 'dataOwner' as const };
  const secret = canonicalHash('test', ['secret']);
  const links = { dataOwnerLink: seedOf('owner'), modelOwnerLink: seedOf('modeller') };
  const { side, ...couple } = facts;

  it('links lead to the anchor, each for its own attempt only', () => {
    const attempts = 12;
    const chain = anchoredChain(drawAnchor(facts, secret, attempts));
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const link = drawLink(facts, secret, attempts, attempt);
      for (let other = 0; other <= attempts + 1; other += 1) {
        const opened = openLink(facts, chain, other, link);
        expect(opened).toEqual(other === attempt ? { ...chain, opened: { attempt, link } } : null);
      }
    }
  });

  it('attack 14: a skipped link is burnt, and a later one reveals nothing that is still to come', () => {
    const opened = { attempt: 3, link: drawLink(facts, secret, 5, 3) };
    const chain = { anchor: drawAnchor(facts, secret, 5), opened };
    expect(openLink(facts, chain, 2, drawLink(facts, secret, 5, 2))).toBeNull();
    expect(openLink(facts, chain, 3, opened.link)).toBeNull();
    expect(openLink(facts, chain, 5, drawLink(facts, secret, 5, 5))).not.toBeNull();
    expect(linkBefore(facts, opened.link)).toBe(drawLink(facts, secret, 5, 2));
  });

  it('attacks 25 and 45: chain and seed differ by channel, chaincode, couple, attempt and side', () => {
    const others = [{ channel: 'other' }, { chaincode: 'other' }, { coupleId: 'tc_b' }];
    const seed = drawSeed({ ...couple, attempt: 1, ...links, modelDigest: secret });
    for (const other of others) {
      expect(drawAnchor({ ...facts, ...other }, secret, 5)).not.toBe(drawAnchor(facts, secret, 5));
      expect(drawSeed({ ...couple, ...other, attempt: 1, ...links, modelDigest: secret })).not.toBe(seed);
    }
    expect(drawSeed({ ...couple, attempt: 2, ...links, modelDigest: secret })).not.toBe(seed);
    expect(side).toBe('dataOwner');
    expect(drawAnchor({ ...facts, side: 'modelOwner' }, secret, 5)).not.toBe(drawAnchor(facts, secret, 5));
  });

  it('attack 45: neither side steers alone: each contribution changes the seed wholly', () => {
    const facts = { ...couple, attempt: 1, ...links, modelDigest: seedOf('model') };
    const seed = drawSeed(facts);
    fc.assert(
      fc.property(
        fc.constantFrom('dataOwnerLink', 'modelOwnerLink', 'modelDigest'),
        fc.string(),
        (of, text) => {
          expect(drawSeed({ ...facts, [of]: seedOf('other', text) })).not.toBe(seed);
        },
      ),
    );
    const { dataOwnerLink: modelOwnerLink, modelOwnerLink: dataOwnerLink } = links;
    expect(drawSeed({ ...facts, modelOwnerLink, dataOwnerLink })).not.toBe(seed);
  });
});
