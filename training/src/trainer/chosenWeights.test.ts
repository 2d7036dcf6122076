import { describe, expect, it } from 'vitest';
import { requireLeastCells } from '../data/leastCells.js';
import { splitTable } from '../data/split.js';
import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { defineProgram, type TrainingProgram } from '../program.js';
import { curiousOwner } from '../testing/curiousOwner.js';
import { refusal } from '../testing/errors.js';
import { prepare, type Prepared, type PrepareOptions } from '../testing/fixtures.js';
import { momentsFromReplies, type Moments } from '../testing/momentsFromReplies.js';

// A model owner sends weights of its choice in place of a model. What real hosts reply to unit vectors are columns of second moments,
// and that of a flag which one row of the subset has is that row.

const columns = ['stroke', 'male', 'smoker', 'age'];
const AGE = 3;
/** So few that one in all of them is within the 8 deviations to which some families cut features. */
const ROWS = 60;
const ALONE = 50;
const seed = Buffer.from('fixture');
const classes = [0, 1, 2, 3];

/** People of whom one had a stroke, or every third. */
function people(strokes: 'one' | 'some', values: number): Table {
  const drbg = new Drbg(Buffer.from('people'));
  const cells = Float64Array.from({ length: ROWS * 4 }, (_, place) => {
    const row = Math.floor(place / 4);
    const person = [Number(strokes === 'one' ? row === ALONE : row % 3 === 0), drbg.below(2), drbg.below(2)];
    return person[place % 4] ?? 32 + drbg.below(40);
  });
  const targets = Float64Array.from({ length: ROWS }, () => drbg.below(values));
  return { source: 'people', target: 'y', columns, rows: ROWS, features: 4, values: cells, targets };
}

/** The flags of the only person with a stroke, by the first column of the moments; NaN and other numbers where they are none. */
function flagsOf({ template }: Prepared, rows: number, { products }: Moments): number[] {
  const { means, scales } = template.statistics;
  const moment = (i: number, j: number): number => products[i]![j]! / rows;
  // A flag's square says how many rows have it, so its mean in the subset is known.
  const meanOf = (j: number): number =>
    ((moment(j, j) * scales[j]! ** 2 - means[j]! ** 2) / (1 - 2 * means[j]!) - means[j]!) / scales[j]!;
  return columns.slice(0, AGE).map((_, j) => {
    const sum = rows * (scales[0]! * moment(0, j) + means[0]! * meanOf(j));
    return sum * scales[j]! + means[j]!;
  });
}

const cases: readonly { readonly program: TrainingProgram; readonly values: number }[] = [
  { program: defineProgram({ lambda: 0, localSteps: 1 }), values: 10_000 },
  { program: defineProgram({ data: 'encrypted', lambda: 0, localSteps: 1 }), values: 10_000 },
  { program: defineProgram({ family: 'ridge', lambda: 0 }), values: 10_000 },
  { program: defineProgram({ family: 'logistic', degree: 1 }), values: 2 },
  { program: defineProgram({ family: 'multiLogistic', degree: 1, classes }), values: 4 },
  { program: defineProgram({ family: 'ridgeClassifier', lambda: 0, classes }), values: 4 },
];

describe.each(cases)(
  'weights of choice, to hosts of $program.family, under $program.parameters',
  ({ program, values }) => {
    async function flagsRead(
      table: Table,
      subsets: number,
      group: readonly number[],
      options: PrepareOptions = {},
    ) {
      const prepared = prepare(table, subsets, { ...options, program });
      const owner = await curiousOwner(prepared, program);
      const moments = await momentsFromReplies({ prepared, program, owner, subsets: group });
      const rows = group.reduce((sum, subset) => sum + prepared.template.subsetRows[subset]!, 0);
      return flagsOf(prepared, rows, moments);
    }

    it('attack 52: read the flags of a row that is alone with one; its split is refused', async () => {
      const table = people('one', values);
      const { leastCells } = splitTable(table, { subsets: 2, seed }).report;
      const subset = leastCells
        .find(({ column }) => column === 'stroke')!
        .bySubset.findIndex(({ count }) => count === 1);
      const flags = await flagsRead(table, 2, [subset]);
      flags.forEach((flag, j) => expect(Math.abs(flag - table.values[ALONE * 4 + j]!)).toBeLessThan(0.05));
      refusal(() => requireLeastCells(leastCells, 5), 'VT7506');
    });

    it('attack 52: read how many of several have it, where its column passes', async () => {
      const table = people('some', values);
      const { leastCells } = splitTable(table, { subsets: 2, seed }).report;
      const ofStrokes = leastCells.filter(({ column }) => column === 'stroke');
      requireLeastCells(ofStrokes, 5);
      const [strokes] = await flagsRead(table, 2, [0]);
      expect(strokes!).toBeGreaterThan(4.9);
    });

    it.runIf(program.data !== 'encrypted')(
      'attack 52: read nothing in an update that is masked',
      async () => {
        const table = people('one', values);
        const read = await Promise.all(
          [0, 1, 2].map((subset) => flagsRead(table, 3, [subset], { aggregation: 'sum' })),
        );
        const isRead = (flags: readonly number[]): boolean =>
          flags.every((flag, j) => Math.abs(flag - table.values[ALONE * 4 + j]!) < 0.4);
        expect(read.filter(isRead)).toEqual([]);
      },
    );
  },
);
