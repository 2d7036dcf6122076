import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { dot } from '../../optimisers/vectors.js';
import { applyImaginary, applyMap } from '../applyMap.js';
import { askedPoint, imaginaryUnit, liftedMap, monomialsOf, queryLength, realUnit } from './lift.js';
import { LogisticSums, type LogisticMoments } from './moments.js';
import { readSetup, setupLength, setupOf } from './setup.js';

const features = 4;
const value = fc.double({ min: -3, max: 3, noNaN: true });
const tables = fc.array(fc.array(value, { minLength: features + 1, maxLength: features + 1 }), {
  minLength: 1,
  maxLength: 40,
});

function momentsOf(rows: readonly (readonly number[])[], blockRows = rows.length): LogisticMoments {
  const sums = new LogisticSums();
  sums.begin((rows[0]?.length ?? 1) - 1);
  for (let first = 0; first < rows.length; first += blockRows) {
    const block = rows.slice(first, first + blockRows);
    sums.rows({ rows: block.length, cells: Float64Array.from(block.flat()) });
  }
  return sums.moments();
}

describe('moments of a subset', () => {
  it('do not depend on how its rows are cut into blocks', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 7 }), (rows, blockRows) => {
        expect(momentsOf(rows, blockRows)).toEqual(momentsOf(rows));
      }),
    );
  });

  it('make the replies that the rows themselves would: E x·(v·x) and E x·(v·x)², in their units', () => {
    const point = fc.array(value, { minLength: features, maxLength: features });
    // Far rows have third moments that need a unit.
    const far = fc.constantFrom(1, 300);
    fc.assert(
      fc.property(tables, point, far, (near, v, factor) => {
        const rows = near.map((row) => row.map((entry) => factor * entry));
        const shape = { features, rows: rows.length, totalRows: rows.length };
        const moments = momentsOf(rows);
        const map = liftedMap(moments, { degree: 2 }, shape);
        const query = Float64Array.from(monomialsOf(v, 2));
        expect(query).toHaveLength(queryLength(features, 2));
        const unit = readSetup([...setupOf(moments, shape)], shape).imaginaryUnit;
        expect(unit).toBe(imaginaryUnit(moments, shape));
        const real = applyMap(map, query);
        const imaginary = applyImaginary(map, query);
        for (let j = 0; j < features; j++) {
          const mean = (of: (row: readonly number[]) => number): number =>
            rows.reduce((sum, row) => sum + of(row) / rows.length, 0);
          const first = mean((row) => row[j]! * dot(v, row));
          const second = mean((row) => row[j]! * dot(v, row) ** 2);
          expect((real[j]! * realUnit(shape)) / factor ** 2).toBeCloseTo(first / factor ** 2, 8);
          expect((imaginary[j]! * unit) / factor ** 3).toBeCloseTo(second / factor ** 3, 8);
        }
      }),
    );
  });

  it('of degree 1 ask for the weights alone, and have no imaginary part', () => {
    const map = liftedMap(momentsOf([[1, 2, 3]]), { degree: 1 }, { features: 2, rows: 1, totalRows: 1 });
    expect(map).toEqual({
      inputs: 2,
      outputs: 2,
      matrix: Float64Array.of(1, 2, 2, 4),
      offset: new Float64Array(2),
    });
    expect(applyImaginary(map, Float64Array.of(1, 1))).toHaveLength(0);
  });

  it('go out and come back in a set-up reply', () => {
    const rows = [
      [1, 2, 3],
      [-2, 0.5, 1],
    ];
    const shape = { features: 2, rows: 2, totalRows: 2 };
    const moments = momentsOf(rows);
    const setup = setupOf(moments, shape);
    expect(setup).toHaveLength(setupLength(2));
    expect(readSetup([...setup], shape)).toEqual({
      second: [2.5, 0.5, 0.5, 2.125],
      means: [-0.5, 1.25],
      products: [0.5, 3.25],
      target: 2,
      imaginaryUnit: 1,
    });
  });
});

describe('whatever the rows are', () => {
  /** A subset that holds all of its table's variance in every column: rows as long-tailed as may be. */
  const shards = fc.record({
    width: fc.constantFrom(2, 16, 32),
    rows: fc.integer({ min: 1, max: 6 }),
    others: fc.constantFrom(0, 10, 4_000_000),
    tail: fc.boolean(),
  });

  it('replies and set-up stay within the range of the encryption, so no subset is refused', () => {
    fc.assert(
      fc.property(shards, ({ width, rows, others, tail }) => {
        const totalRows = rows + others;
        const heavy = Math.sqrt(totalRows / (tail ? 1 : rows));
        const table = Array.from({ length: rows }, (_, row) =>
          new Array<number>(width + 1).fill(tail && row > 0 ? 0 : heavy),
        );
        const shape = { features: width, rows, totalRows };
        const moments = momentsOf(table);
        const map = liftedMap(moments, { degree: 2 }, shape);
        for (const matrix of [map.matrix, map.imaginary!]) {
          for (let i = 0; i < width; i++) {
            const line = matrix.subarray(i * map.inputs, (i + 1) * map.inputs);
            const most = line.reduce((sum, entry) => sum + LARGEST_WEIGHT * Math.abs(entry), 0);
            expect(most).toBeLessThanOrEqual(LARGEST_UPDATE);
          }
        }
        for (const told of setupOf(moments, shape))
          expect(Math.abs(told)).toBeLessThanOrEqual(LARGEST_UPDATE);
      }),
      { numRuns: 20 },
    );
  });

  it('queries stay within theirs, along the weights', () => {
    const far = askedPoint([40, -10, 0]);
    expect(far).toEqual([4, -1, 0]);
    expect(Math.max(...monomialsOf(far, 2))).toBe(LARGEST_WEIGHT);
    expect(askedPoint([0.5, -0.25])).toEqual([0.5, -0.25]);
  });
});
