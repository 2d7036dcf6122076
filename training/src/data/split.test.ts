import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import { diabetes, syntheticTable } from '../testing/fixtures.js';
import { refusal } from '../testing/errors.js';
import { rareRows } from './leastCells.js';
import { rarePairs } from './pairCells.js';
import { splitTable, type SplitResult } from './split.js';
import type { Table } from './table.js';

const seed = Buffer.from('seed');

/** Standardised rows as text, to count them. */
function rowsOf({ shards }: SplitResult): string[] {
  return shards.flatMap((shard) =>
    Array.from({ length: shard.rows }, (_, row) =>
      [...shard.values.subarray(row * shard.features, (row + 1) * shard.features), shard.targets[row]].join(),
    ),
  );
}

/** A table with one feature: rows, and a target from a few values. */
function tableOf(rows: number, target: (row: number) => number, feature: (row: number) => number): Table {
  return {
    source: 'test',
    target: 'y',
    columns: ['x'],
    rows,
    features: 1,
    values: Float64Array.from({ length: rows }, (_, row) => feature(row)),
    targets: Float64Array.from({ length: rows }, (_, row) => target(row)),
  };
}

function expectRules(result: SplitResult): void {
  expect(result.report).toMatchObject({ noSubsetHasEveryBin: true, noBinHasAMajority: true });
}

describe('splitTable', () => {
  it('keeps the rules for any size, and puts each row in one subset', () => {
    const sizes = fc
      .integer({ min: 30, max: 3000 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ min: 2, max: Math.floor(rows / 10) })));
    fc.assert(
      fc.property(sizes, ([rows, subsets]) => {
        const table = syntheticTable(rows, 2);
        const result = splitTable(table, { subsets, seed });
        expectRules(result);
        expect(result.report).toMatchObject({ rule: 'target', noSubsetHasTheWholeRange: true });
        expect(new Set(rowsOf(result)).size).toBe(rows);
        const sizesOf = result.report.subsetRows;
        expect(Math.max(...sizesOf) - Math.min(...sizesOf)).toBeLessThanOrEqual(1);
        expect(result.template.subsetRows).toEqual(sizesOf);
      }),
      { numRuns: 60 },
    );
  });

  it('finds a split of any table with ties, by target, feature or rank, and says which', () => {
    const value = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 2, max: 3 }),
        fc.integer({ min: 2, max: 300 }),
        (targets, subsets, variety) => {
          const table = tableOf(
            targets.length,
            (row) => (row === 0 ? 9 : (targets[row] ?? 0)),
            (row) => (row * 7919) % variety,
          );
          const result = splitTable(table, { subsets, seed });
          expectRules(result);
          expect(rowsOf(result)).toHaveLength(table.rows);
          const { leastCells, pairCells } = result.report;
          const rare = [rareRows(leastCells), rarePairs(pairCells)];
          const notes = result.report.notes.filter((note) => !rare.includes(note));
          expect(notes.length > 0).toBe(result.report.rule !== 'target');
          if (result.report.rule !== 'rank') expect(result.report.noSubsetHasTheWholeRange).toBe(true);
        },
      ),
    );
  });

  it('splits by a feature where the target has two values, and says so', () => {
    const { report } = splitTable(
      tableOf(
        100,
        (row) => row % 2,
        (row) => row,
      ),
      { subsets: 3, seed },
    );
    expect(report).toMatchObject({ rule: 'feature', column: 'x', noSubsetHasTheWholeRange: true });
    expect(report.notes.join(' ')).toMatch(/"y" has two values.*quantiles of "x"/);
  });

  it('splits by rank where no column allows better', () => {
    const { report } = splitTable(
      tableOf(
        100,
        (row) => row % 2,
        (row) => (row >> 1) % 2,
      ),
      { subsets: 3, seed },
    );
    expect(report.rule).toBe('rank');
    expect(report.notes.join(' ')).toContain('the rules hold for ranks');
  });

  it('splits by rank in any number of subsets that the rows allow', () => {
    for (const rows of [30, 31, 39, 40, 57, 99, 100, 1000, 1009]) {
      for (let subsets = 2; subsets <= rows / 10; subsets++) {
        expectRules(
          splitTable(
            tableOf(
              rows,
              (row) => row % 2,
              (row) => (row >> 1) % 2,
            ),
            { subsets, seed },
          ),
        );
      }
    }
  });

  it('gives the same shards for the same seed, others for another, and no two alike without one', () => {
    const table = diabetes();
    const [a, b] = [splitTable(table, { subsets: 3, seed }), splitTable(table, { subsets: 3, seed })];
    expect(a).toEqual(b);
    const other = splitTable(table, { subsets: 3, seed: Buffer.from('other') });
    expect(other.shards).not.toEqual(a.shards);
    expect(splitTable(table, { subsets: 3 }).shards).not.toEqual(splitTable(table, { subsets: 3 }).shards);
  });

  it('standardises by statistics of the whole table', () => {
    const table = diabetes();
    const { shards, template } = splitTable(table, { subsets: 5, seed });
    const column = shards.flatMap((shard) => Array.from(shard.values).filter((_, place) => place % 10 === 2));
    const mean = column.reduce((sum, value) => sum + value, 0) / 442;
    const square = column.reduce((sum, value) => sum + value * value, 0) / 442;
    expect(mean).toBeCloseTo(0, 12);
    expect(square).toBeCloseTo(1, 12);
    expect(template.statistics.targetMean).toBeCloseTo(152.1334841628959, 10);
    expect(template.columns).toEqual(['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6']);
  });

  it('standardises columns of large mean and small spread', () => {
    const drbg = new Drbg(seed);
    const table = tableOf(
      1000,
      () => drbg.below(1000),
      (row) => 1e12 + (row % 10),
    );
    const { statistics } = splitTable(table, { subsets: 4, seed }).template;
    expect(statistics.means[0]).toBe(1e12 + 4.5);
    expect(statistics.scales[0]).toBeCloseTo(Math.sqrt(8.25), 5);
  });

  it('refuses a column whose spread underflows', () => {
    refusal(
      () =>
        splitTable(
          tableOf(
            30,
            (row) => row,
            (row) => row * 1e-300,
          ),
          { subsets: 2, seed },
        ),
      'VT7007',
    );
  });

  it('warns of subsets with few rows for their features', () => {
    expect(splitTable(syntheticTable(60, 8), { subsets: 4, seed }).report.notes.join()).toContain(
      '15 rows, 135 values, for 53 moments: 2.5 for each',
    );
  });

  it('refuses fewer than 2 subsets, and more than the rows allow', () => {
    const table = syntheticTable(59, 2);
    for (const subsets of [1, 0, -1, 2.5, Number.NaN])
      refusal(() => splitTable(table, { subsets, seed }), 'VT7101');
    expect(refusal(() => splitTable(table, { subsets: 6, seed }), 'VT7102').facts).toMatchObject({ most: 5 });
  });

  it('needs so many subsets that a package has room for their rows', () => {
    const wide = {
      ...tableOf(
        4_000_000,
        () => 0,
        () => 0,
      ),
      features: 1024,
    };
    const { facts } = refusal(() => splitTable(wide, { subsets: 31, seed }), 'VT7101');
    expect(facts).toMatchObject({ least: 32 });
  });

  it('splits wide tables, and counts no pairs that no program can show', () => {
    const { report, template } = splitTable(syntheticTable(400, 300), { subsets: 3, seed });
    expect(template.columns).toHaveLength(300);
    expect(report.leastCells).toHaveLength(301);
    expect(report.pairCells).toEqual([]);
    expect(report.noSubsetHasEveryBin).toBe(true);
  });

  it('splits 100000 rows of 32 features', () => {
    expectRules(splitTable(syntheticTable(100_000, 32), { subsets: 100, seed }));
  }, 300_000);
});
