import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { defineProgram } from '../../program.js';
import { affineMapOf } from './affineMap.js';
import { GramSums } from './gram.js';
import type { SubsetShape } from '../family.js';
import { stepSize } from './stepSize.js';

interface Shard extends SubsetShape {
  readonly cells: Float64Array;
}

/** A subset that holds all of its table's variance in every column, in rows that are as alike or as different as may be. */
const shards = fc
  .record({
    features: fc.integer({ min: 1, max: 32 }),
    rows: fc.integer({ min: 1, max: 12 }),
    others: fc.integer({ min: 0, max: 100_000 }),
    alike: fc.double({ min: 0, max: 1, noNaN: true }),
    numbers: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 }),
  })
  .map(({ features, rows, others, alike, numbers }): Shard => {
    const width = features + 1;
    const cells = Float64Array.from({ length: rows * width }, (_, place) => {
      const own = numbers[place % numbers.length] ?? 0;
      return alike * (1 + Math.floor(place / width)) + (1 - alike) * own;
    });
    const totalRows = rows + others;
    for (let column = 0; column < width; column++) {
      let squares = 0;
      for (let row = 0; row < rows; row++) squares += cells[row * width + column]! ** 2;
      const factor = squares < 1e-200 ? 0 : Math.sqrt(totalRows / squares);
      for (let row = 0; row < rows; row++) cells[row * width + column]! *= factor;
    }
    return { features, rows, totalRows, cells };
  });

const programs = fc.record({
  lambda: fc.double({ min: 0, max: 100, noNaN: true }),
  learningRate: fc.double({ min: 1e-6, max: 2, noNaN: true }),
  localSteps: fc.constantFrom(1, 2, 7, 200),
});

function gramOf({ features, rows, cells }: Shard) {
  const sums = new GramSums();
  sums.begin(features);
  sums.rows({ rows, cells });
  return sums.moments();
}

describe('a host’s step', () => {
  it('attack 48: stays within the range of the encryption whatever the rows are, so no shard is refused', () => {
    fc.assert(
      fc.property(shards, programs, (shard, program) => {
        const { matrix, offset, inputs: features } = affineMapOf(gramOf(shard), program, shard);
        offset.forEach((value, i) => {
          const line = matrix.subarray(i * features, (i + 1) * features);
          const most = line.reduce((sum, entry) => sum + LARGEST_WEIGHT * Math.abs(entry), Math.abs(value));
          expect(most).toBeLessThanOrEqual(LARGEST_UPDATE * (1 + 1e-9));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is the program’s where the public shape has room for it, as it has in all usual splits', () => {
    const shape = { rows: 100, totalRows: 500 };
    expect(stepSize(defineProgram().head, { ...shape, features: 10 })).toBe(1);
    expect(stepSize(defineProgram().head, { ...shape, features: 32 })).toBe(1);
  });

  it('is smaller, by the public shape alone, where it has not', () => {
    const wide = { features: 32, rows: 10, totalRows: 10_000 };
    expect(stepSize(defineProgram().head, wide)).toBeCloseTo(1 / 31.3, 3);
    expect(stepSize(defineProgram({ localSteps: 5, learningRate: 2 }).head, wide)).toBe(2 / 32_000);
  });
});
