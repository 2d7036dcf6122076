import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allBatches, batchesOf, batchOf, defaultSubsetsPerRound, largestBatch, mostDrawn } from './index.js';

const sums = (subsets: number) => ({ subsets, aggregation: 'sum' as const });
const subsetCount = fc.integer({ min: 3, max: 1000 });

describe('batches', () => {
  it('are three consecutive subsets each, the last with the remainder', () => {
    expect(batchesOf(3)).toEqual([[0, 1, 2]]);
    expect(batchesOf(5)).toEqual([[0, 1, 2, 3, 4]]);
    expect(batchesOf(7)).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6],
    ]);
    expect(() => batchesOf(2)).toThrow(RangeError);
  });

  it('have every subset once, and at least three', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (subsets) => {
        const batches = batchesOf(subsets);
        expect(batches).toHaveLength(Math.floor(subsets / 3));
        expect(batches.flat()).toEqual(Array.from({ length: subsets }, (_, index) => index));
        const sizes = batches.map(({ length }) => length);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3);
        expect(Math.max(...sizes)).toBe(largestBatch(sums(subsets)));
        for (const batch of batches)
          for (const index of batch) expect(batchOf(sums(subsets), index)).toEqual(batch);
      }),
    );
  });

  it('are single subsets without sums', () => {
    const of = { subsets: 4, aggregation: 'perSubset' as const };
    expect(allBatches(of)).toEqual([[0], [1], [2], [3]]);
    expect([batchOf(of, 2), largestBatch(of), mostDrawn(of, 3)]).toEqual([[2], 1, 3]);
  });

  it('are taken whole: no order of them draws more than the most', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 3, max: 60 })
          .chain((subsets) =>
            fc.tuple(
              fc.shuffledSubarray(batchesOf(subsets), { minLength: Math.floor(subsets / 3) }),
              fc.integer({ min: 1, max: subsets }),
            ),
          ),
        ([order, count]) => {
          const subsets = order.flat().length;
          let drawn = 0;
          for (const { length } of order) if (drawn < count) drawn += length;
          expect(drawn).toBeLessThanOrEqual(mostDrawn(sums(subsets), count));
        },
      ),
    );
  });

  it('give a default that stays within the rules', () => {
    fc.assert(
      fc.property(subsetCount, fc.integer({ min: 5, max: 40 }), (subsets, mostSubsetsPerRound) => {
        const of = { ...sums(subsets), requestRules: { mostSubsetsPerRound } } as Parameters<
          typeof defaultSubsetsPerRound
        >[0];
        const count = defaultSubsetsPerRound(of);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(mostDrawn(of, count)).toBeLessThanOrEqual(mostSubsetsPerRound);
      }),
    );
  });
});
