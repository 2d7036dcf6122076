import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, obeysSkewRules } from './allocate.js';

describe('allocate', () => {
  it('uses every row once and makes subsets of equal size', () => {
    const bins = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(
        bins,
        fc.integer({ min: 2, max: 40 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (binRows, subsets, share) => {
          const lowSubsets = Math.min(subsets - 1, Math.max(1, Math.round(subsets * share)));
          const counts = allocate(binRows, { subsets, zone: 1, lowSubsets });
          if (counts === undefined) return;
          binRows.forEach((rows, bin) =>
            expect(counts.reduce((sum, bins) => sum + (bins[bin] ?? 0), 0)).toBe(rows),
          );
          const sizes = counts.map((bins) => bins.reduce((sum, rows) => sum + rows, 0));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(counts.flat().every((rows) => rows >= 0)).toBe(true);
        },
      ),
    );
  });

  it('says so where the ends do not fit', () => {
    expect(allocate([90, 5, 5], { subsets: 2, zone: 1, lowSubsets: 1 })).toBeUndefined();
  });

  it('knows the rules', () => {
    expect(obeysSkewRules([[2, 2, 0]])).toBe(true);
    expect(obeysSkewRules([[3, 2, 0]])).toBe(false);
    expect(obeysSkewRules([[1, 1, 1]])).toBe(false);
    expect(obeysSkewRules([[0, 0, 0]])).toBe(false);
  });
});
