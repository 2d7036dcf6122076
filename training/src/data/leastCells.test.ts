import { describe, expect, it } from 'vitest';
import { Drbg } from '../drbg.js';
import { diabetes, gramOf, syntheticTable } from '../testing/fixtures.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { cut } from '../testing/packages.js';
import { countPackageCells, leastCellOf, rareRows, requireLeastCells } from './leastCells.js';
import { encodePackage } from './package.js';
import { openPackage } from '../trainer/openedPackage.js';
import { splitTable } from './split.js';
import { parseTable, type Table } from './table.js';

const seed = Buffer.from('cells');
const columns = ['stroke', 'male', 'smoker', 'age'];

/** People: rare strokes, two common flags, an age; the target is a number. */
function people(rows: number, strokes: number): Table {
  const drbg = new Drbg(Buffer.from('people'));
  const values = Float64Array.from({ length: rows * 4 }, (_, place) => {
    const row = Math.floor(place / 4);
    const person = [row % 101 === 50 && row < 101 * strokes ? 1 : 0, drbg.below(2), drbg.below(2)];
    return person[place % 4] ?? 32 + drbg.below(40);
  });
  const targets = Float64Array.from({ length: rows }, () => drbg.below(10_000));
  return { source: 'people', target: 'y', columns, rows, features: 4, values, targets };
}

/** What the model owner has: the second moments of a subset, and the template. */
function readTheOnlyRow({ shards, template }: ReturnType<typeof splitTable>, subset: number): number[] {
  const shardSecret = new Uint8Array(32);
  const opened = openPackage(encodePackage({ template, shard: shards[subset]!, shardSecret }));
  const { matrix } = gramOf(opened);
  const { means, scales } = template.statistics;
  const moment = (i: number, j: number): number => matrix[i * 4 + j]!;
  // A flag's square says how many rows have it, so its mean in the subset is known; an age's is taken for the table's.
  const meanOf = (j: number): number => {
    if (columns[j] === 'age') return 0;
    const share = (moment(j, j) * scales[j]! ** 2 - means[j]! ** 2) / (1 - 2 * means[j]!);
    return (share - means[j]!) / scales[j]!;
  };
  return columns.map((_, j) => {
    const sum = opened.rows * (scales[0]! * moment(0, j) + means[0]! * meanOf(j));
    return sum * scales[j]! + means[j]!;
  });
}

describe('least cells', () => {
  it('of a target of text are said by the text, and subsets as they are counted where it is said', () => {
    const lines = Array.from({ length: 61 }, (_, row) => {
      const kind = row === 30 ? 'aster' : row % 2 === 0 ? 'iris' : 'rose';
      return `${row % 7},${row % 5},${kind}`;
    });
    const table = parseTable(['a,b,kind', ...lines, ''].join('\n'), { target: 'kind' });
    const { leastCells } = splitTable(table, { subsets: 2, seed }).report;
    const least = leastCellOf(leastCells)!;
    expect(least).toMatchObject({ column: 'kind', text: 'aster', count: 1 });
    expect(rareRows(leastCells)).toContain(`subset ${least.subset} has 1 row with "kind" = aster`);
    expect(rareRows(leastCells, 1)).toContain(`subset ${least.subset + 1} has 1 row with "kind" = aster`);
  });

  it('attack 52: a row that is alone with a flag is read from second moments, so its split is refused', () => {
    const table = people(1200, 1);
    const split = splitTable(table, { subsets: 2, seed });
    const { leastCells, notes } = split.report;
    const strokes = leastCells.find(({ column }) => column === 'stroke')!;
    const subset = strokes.bySubset.findIndex(({ count }) => count === 1);
    const [stroke, male, smoker, age] = readTheOnlyRow(split, subset);
    const truth = table.values.subarray(50 * 4, 51 * 4);
    expect([stroke, male, smoker].map((value) => Math.round(value!))).toEqual([...truth.subarray(0, 3)]);
    expect(Math.abs(age! - truth[3]!)).toBeLessThan(5);
    const error = refusal(() => requireLeastCells(leastCells, 5), 'VT7506');
    expect(error.facts).toEqual({ column: 'stroke', value: 1, subset, count: 1, floor: 5, kind: 'value' });
    expect(error.message).toContain(`subset ${subset} has 1 row with "stroke" = 1`);
    expect(error.hint).toMatch(/fewer subsets, merge rare values.*lower floor/);
    expect(notes.join(' ')).toContain('"stroke" = 1');
  });

  it('pass where every value is shared, and where the data owner sets a lower floor', () => {
    const { leastCells, notes } = splitTable(people(1200, 11), { subsets: 2, seed }).report;
    const least = leastCellOf(leastCells)!;
    expect(least).toMatchObject({ column: 'stroke', kind: 'value', value: 1 });
    requireLeastCells(leastCells, least.count);
    refusal(() => requireLeastCells(leastCells, least.count + 1), 'VT7506');
    requireLeastCells(splitTable(people(1200, 2), { subsets: 2, seed }).report.leastCells, 1);
    if (least.count >= 5) expect(notes.join(' ')).not.toContain('Rare rows');
    for (const floor of [0, 1.5, 1001, Number.NaN])
      refusal(() => requireLeastCells(leastCells, floor), 'VT7501');
  });

  it('attack 52: a row that outweighs its column of numbers is refused, too', () => {
    const table = syntheticTable(600, 3);
    requireLeastCells(splitTable(table, { subsets: 3, seed }).report.leastCells, 5);
    table.values[100 * 3 + 1] = 40;
    const { leastCells } = splitTable(table, { subsets: 3, seed }).report;
    const { facts, message } = refusal(() => requireLeastCells(leastCells, 5), 'VT7506');
    expect(facts).toMatchObject({ column: 'x1', value: 40, count: 1, kind: 'extreme' });
    expect(message).toContain('makes up over 1/2 of its column');
  });

  it('count the target as a column', () => {
    const targets = Float64Array.from({ length: 1200 }, (_, row) => Number(row < 3));
    const table = { ...syntheticTable(1200, 2), targets };
    const error = refusal(
      () => requireLeastCells(splitTable(table, { subsets: 2, seed }).report.leastCells, 5),
      'VT7506',
    );
    expect(error.facts).toMatchObject({ column: 'y', value: 1 });
  });

  it('are the same when they are counted again from the packages, however these are cut', async () => {
    for (const [table, subsets] of [
      [people(1200, 9), 3],
      [diabetes(), 3],
    ] as const) {
      const { shards, template, report } = splitTable(table, { subsets, seed });
      const pieces = (subset: number) =>
        cut(
          encodePackage({ template, shard: shards[subset]!, shardSecret: new Uint8Array(32) }),
          1,
          777,
          5000,
        );
      expect(await countPackageCells(template, pieces)).toEqual(report.leastCells);
      await asyncRefusal(() => countPackageCells(template, () => pieces(0)), 'VT7202');
    }
  });

  it('pass for the Diabetes table in two to four subsets', () => {
    for (const subsets of [2, 3, 4])
      requireLeastCells(splitTable(diabetes(), { subsets, seed }).report.leastCells, 5);
  });
});
