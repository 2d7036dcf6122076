import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { diabetes } from '../testing/fixtures.js';
import { binaryTable } from '../testing/logistic.js';
import { cut } from '../testing/packages.js';
import { groupsOf } from './batches.js';
import { countPackageCells, leastCellOf, rareRows, requireLeastCells } from './leastCells.js';
import { encodePackage } from './package.js';
import { countPackagePairs, leastPairOf, requirePairCells } from './pairCells.js';
import { splitTable } from './split.js';

const seed = Buffer.from('cells');
const aggregation = 'sum';

describe('batches', () => {
  it('are three consecutive subsets each, the last with the remainder', () => {
    const batches = (subsets: number) =>
      groupsOf({ aggregation, subsetRows: Array(subsets).fill(10) as number[] });
    expect(batches(3)).toEqual([[0, 1, 2]]);
    expect(batches(5)).toEqual([[0, 1, 2, 3, 4]]);
    expect(batches(8)).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7],
    ]);
    expect(groupsOf({ subsetRows: [10, 10] })).toEqual([[0], [1]]);
  });
});

/** 120 rows with a flag that twelve of them have. */
const flagged = () => {
  const table = binaryTable('noisy', 3, 1);
  const values = table.values.map((value, place) => (place % 3 === 2 ? Number(place < 36) : value));
  return { ...table, values };
};

describe('cells of a dataset whose replies are added up', () => {
  const one = splitTable(flagged(), { subsets: 6, seed });
  const sums = splitTable(flagged(), { subsets: 6, seed, aggregation });

  it('are counted over batches, which is what their sums show', () => {
    const cell = leastCellOf(sums.report.leastCells)!;
    expect(sums.report.leastCells[0]!.bySubset).toHaveLength(2);
    // Standardised, the rarer of two values is the positive one.
    const flagsIn = (subset: number): number =>
      sums.shards[subset]!.values.filter((value, place) => place % 3 === 2 && value > 0).length;
    const expected = groupsOf(sums.template).map((batch) => batch.reduce((sum, of) => sum + flagsIn(of), 0));
    expect(sums.report.leastCells[2]!.bySubset.map(({ count }) => count)).toEqual(expected);
    expect(Math.min(...one.report.leastCells[2]!.bySubset.map(({ count }) => count))).toBeLessThan(
      Math.min(...expected),
    );
    const { message, facts } = refusal(() => requireLeastCells(sums.report.leastCells, 100), 'VT7506');
    expect(message).toMatch(/subsets (0 to 2|3 to 5) together have/);
    expect(facts).toMatchObject({ subset: cell.subset, count: cell.count });
    const pair = leastPairOf(sums.report.pairCells)!;
    expect(sums.report.pairCells).toHaveLength(2);
    expect(pair.batch).toEqual(groupsOf(sums.template)[pair.subset]);
    expect(refusal(() => requirePairCells(sums.report.pairCells, 100), 'VT7507').message).toMatch(
      /subsets (0 to 2|3 to 5) together have/,
    );
    expect(sums.report.notes.join(' ')).toMatch(/subsets (0 to 2|3 to 5) together have/);
    const alone = {
      column: 'x',
      kind: 'value',
      bySubset: [{ value: 1, count: 1, batch: [0, 1, 2] }],
    } as const;
    expect(rareRows([alone])).toContain("from its batch's second moments");
  });

  it('are the same when they are counted again from the packages', async () => {
    for (const table of [flagged(), diabetes()]) {
      const { shards, template, report } = splitTable(table, { subsets: 7, seed, aggregation });
      const secrets = { shardSecret: new Uint8Array(32), maskSecret: new Uint8Array(32) };
      const pieces = (subset: number) =>
        cut(encodePackage({ template, shard: shards[subset]!, ...secrets }), 777, 5000);
      expect(await countPackageCells(template, pieces)).toEqual(report.leastCells);
      expect(await countPackagePairs(template, pieces)).toEqual(report.pairCells);
    }
  });
});
