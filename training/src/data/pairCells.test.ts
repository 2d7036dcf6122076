import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import { applyImaginary, applyMap } from '../models/applyMap.js';
import { liftedMap, monomialsOf } from '../models/logistic/lift.js';
import { LogisticSums } from '../models/logistic/moments.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { diabetes, syntheticTable } from '../testing/fixtures.js';
import { cut } from '../testing/packages.js';
import { leastCellOf, requireLeastCells } from './leastCells.js';
import { encodePackage } from './package.js';
import { countPackagePairs, leastPairOf, rarePairs, requirePairCells } from './pairCells.js';
import { shardBlocks } from './rowBlock.js';
import { splitTable, type Shard } from './split.js';
import type { Table } from './table.js';
import type { Template } from './template.js';

const seed = Buffer.from('pairs');
const RARE_ROW = 50;

/** People with two common conditions that one of them has together, a flag and an age. */
function people(rows: number, both: number): Table {
  const drbg = new Drbg(Buffer.from('people'));
  const values = Float64Array.from({ length: rows * 4 }, (_, place) => {
    const row = Math.floor(place / 4);
    const isBoth = row % 101 === RARE_ROW && row < 101 * both;
    const person = [isBoth || row % 3 === 0 ? 1 : 0, isBoth || row % 3 === 1 ? 1 : 0, drbg.below(2)];
    return person[place % 4] ?? 32 + drbg.below(40);
  });
  const targets = Float64Array.from({ length: rows }, () => drbg.below(10_000));
  const columns = ['asthma', 'diabetes', 'male', 'age'];
  return { source: 'people', target: 'y', columns, rows, features: 4, values, targets };
}

/** What a model owner works out of replies to a program of degree 2: second and third moments of two flags, and means. */
function readTheOnlyRow(shard: Shard, template: Template): number[] {
  const { features, rows } = shard;
  const { means, scales } = template.statistics;
  const sums = new LogisticSums();
  sums.begin(features);
  for (const block of shardBlocks(shard)) sums.rows(block);
  const moments = sums.moments();
  const map = liftedMap(moments, { degree: 2 }, { features, rows, totalRows: template.rows });
  const [asthma, diabetic, sum, difference] = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [1, 1, 0, 0],
    [1, -1, 0, 0],
  ].map((point) => {
    const query = Float64Array.from(monomialsOf(point, 2));
    return { seconds: applyMap(map, query), thirds: applyImaginary(map, query) };
  });
  // E x·a·b with the flags a and b as 0 and 1, for each column x.
  return moments.means.reduce<number[]>((read, mean, k) => {
    const both = (sum!.thirds[k]! - difference!.thirds[k]!) / 4;
    const flagged =
      scales[0]! * scales[1]! * both +
      scales[0]! * means[1]! * asthma!.seconds[k]! +
      means[0]! * scales[1]! * diabetic!.seconds[k]! +
      means[0]! * means[1]! * mean;
    return [...read, rows * flagged * scales[k]! + means[k]!];
  }, []);
}

describe('cells of two columns', () => {
  it('attack 52: a row that two flags single out is read from third moments, and the split warns of it', () => {
    const table = people(1200, 1);
    const { report, shards, template } = splitTable(table, { subsets: 2, seed });
    const truth = [...table.values.subarray(RARE_ROW * 4, RARE_ROW * 4 + 4)];
    const reads = shards.map((shard) => readTheOnlyRow(shard, template));
    const subset = reads.findIndex(([asthma = 0]) => Math.round(asthma) === 1);
    reads[subset]!.forEach((value, column) => expect(value).toBeCloseTo(truth[column]!, 6));
    // One column at a time, nobody is rare.
    requireLeastCells(report.leastCells, 5);
    expect(report.pairCells[subset]).toEqual({
      columns: ['asthma', 'diabetes'],
      values: [1, 1],
      kind: 'value',
      count: 1,
    });
    expect(report.notes.join(' ')).toMatch(/Rare pairs: .* 1 row with "asthma" = 1 and "diabetes" = 1/);
    const error = refusal(() => requirePairCells(report.pairCells, 5), 'VT7507');
    // The agent logs it, so it holds no value of the table.
    expect(error.facts).toEqual({ column: 'asthma', otherColumn: 'diabetes', subset, count: 1, floor: 5 });
    expect(error.message).toContain(`subset ${subset} has 1 row that "asthma" and "diabetes" single out`);
    requirePairCells(report.pairCells, 1);
    for (const floor of [0, 1.5, 1001, Number.NaN])
      refusal(() => requirePairCells(report.pairCells, floor), 'VT7501');
  });

  it('do not exceed the cells of one feature', () => {
    for (const table of [people(1200, 9), diabetes()]) {
      const { leastCells, pairCells } = splitTable(table, { subsets: 3, seed }).report;
      const ofFeatures = leastCells.filter(({ column, kind }) => column !== 'y' && kind === 'value');
      expect(leastPairOf(pairCells)!.count).toBeLessThanOrEqual(leastCellOf(ofFeatures)?.count ?? Infinity);
    }
  });

  it('weigh numbers: a row far outside in a square, or within a flag, counts as few', () => {
    const table = syntheticTable(600, 2);
    const before = splitTable(table, { subsets: 2, seed }).report.pairCells;
    expect(leastPairOf(before)!.count).toBeGreaterThanOrEqual(5);
    expect(rarePairs(before)).toBeUndefined();
    table.values[100 * 2 + 1] = 3;
    const { pairCells } = splitTable(table, { subsets: 2, seed }).report;
    const least = leastPairOf(pairCells)!;
    expect(least).toMatchObject({ columns: ['x1', 'x1'], values: [3, 3], kind: 'extreme' });
    expect(least.count).toBeLessThan(5);
    expect(rarePairs(pairCells)).toMatch(/a row with "x1" = 3 that makes up over 1\/\d of their products/);
    const { message } = refusal(() => requirePairCells(pairCells, 5), 'VT7507');
    expect(message).toContain('that "x1" and "x1" single out');
  });

  it('are those of a slow count, for any table', () => {
    const cell = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: -20, max: 20 }));
    const column = fc.oneof(
      fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 40, maxLength: 40 }),
      fc.array(cell, { minLength: 40, maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 4 }), (columns) => {
        const used = columns.filter((values) => new Set(values).size > 1);
        fc.pre(used.length > 0);
        const { shards, template, report } = splitTable(tableOf(used), { subsets: 2, seed });
        expect(report.pairCells.map(({ count }) => count)).toEqual(slowCounts(shards, template));
      }),
      { numRuns: 150 },
    );
  });

  it('are the same when they are counted again from the packages, however these are cut', async () => {
    for (const table of [people(1200, 9), diabetes()]) {
      const { shards, template, report } = splitTable(table, { subsets: 3, seed });
      const pieces = (subset: number) =>
        cut(
          encodePackage({ template, shard: shards[subset]!, shardSecret: new Uint8Array(32) }),
          1,
          777,
          5000,
        );
      expect(await countPackagePairs(template, pieces)).toEqual(report.pairCells);
      await asyncRefusal(() => countPackagePairs(template, () => pieces(0)), 'VT7202');
    }
  });
});

function tableOf(columns: readonly (readonly number[])[]): Table {
  const features = columns.length;
  const values = Float64Array.from(
    { length: 40 * features },
    (_, place) => columns[place % features]![Math.floor(place / features)]!,
  );
  const targets = Float64Array.from({ length: 40 }, (_, row) => row);
  const names = columns.map((_, column) => `x${column}`);
  return { source: 'any', target: 'y', columns: names, rows: 40, features, values, targets };
}

/** The least count of each subset, cell by cell and row by row. */
function slowCounts(shards: readonly Shard[], { features }: Template): number[] {
  const column = ({ rows, values }: Shard, place: number): number[] =>
    Array.from({ length: rows }, (_, row) => values[row * features + place]!);
  const places = Array.from({ length: features }, (_, place) => place);
  const isNumbers = places.map((place) => new Set(shards.flatMap((shard) => column(shard, place))).size > 16);
  return shards.map((shard) => {
    let least = Infinity;
    for (const [a, left] of places.map((place) => [place, column(shard, place)] as const))
      for (const [b, right] of places.slice(a).map((place) => [place, column(shard, place)] as const)) {
        const cells = new Map<string, number[]>();
        left.forEach((value, row) => {
          const key = JSON.stringify([isNumbers[a] ? null : value, isNumbers[b] ? null : right[row]]);
          const weight = (isNumbers[a] ? value : 1) * (isNumbers[b] ? right[row]! : 1);
          cells.set(key, [...(cells.get(key) ?? []), weight * weight]);
        });
        for (const squares of cells.values()) {
          const most = Math.max(...squares);
          const sum = squares.reduce((total, square) => total + square, 0);
          least = Math.min(least, most === 0 ? squares.length : Math.max(1, Math.floor(sum / most)));
        }
      }
    return least;
  });
}
