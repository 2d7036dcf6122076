import { describe, expect, it } from 'vitest';
import { requireLeastCells } from '../data/leastCells.js';
import { requirePairCells } from '../data/pairCells.js';
import { encodePackage } from '../data/package.js';
import { splitTable } from '../data/split.js';
import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import type { ReplyNumbers } from '../he/circuits/circuit.js';
import { monomialsOf, queryLength } from '../models/logistic/lift.js';
import { readSetup as readLogisticSetup } from '../models/logistic/setup.js';
import { partsOf } from '../models/multiLogistic/map.js';
import { readSetup as readClassSetup } from '../models/multiLogistic/setup.js';
import { defineProgram, type TrainingProgram } from '../program.js';
import { programMoments } from '../programMoments.js';
import { curiousOwner } from '../testing/curiousOwner.js';
import { refusal } from '../testing/errors.js';
import { prepare, type Prepared, type PrepareOptions } from '../testing/fixtures.js';
import { openPackage } from './openedPackage.js';

// Hosts of programs of degree 2 reply to the monomials of the weights: their entries and the products of two. They cannot see whether
// what is encrypted are the monomials of any weights. A vector with one product alone is none: its reply says single third moments.

const columns = ['asthma', 'diabetes', 'male', 'age'];
const FEATURES = columns.length;
const ROWS = 1200;
const APART = 51;
/** Of a query's numbers, the product of the first two columns. */
const PAIR = FEATURES + 1;
const AGE = 3;
/** As `prepare` splits. */
const seed = Buffer.from('fixture');

/** People with two common conditions; few, 51 rows apart, have both. These have ages of their own. */
function people(both: number, classes: number): Table {
  const drbg = new Drbg(Buffer.from('people'));
  const values = Float64Array.from({ length: ROWS * FEATURES }, (_, place) => {
    const row = Math.floor(place / FEATURES);
    const person = row % APART === 50 && row < APART * both ? Math.floor(row / APART) : undefined;
    const has = (rest: number): number => Number(person !== undefined || row % 3 === rest);
    const drawn = { sex: drbg.below(2), age: 32 + drbg.below(40) };
    return [has(0), has(1), drawn.sex, person === undefined ? drawn.age : 30 + 2 * person][place % FEATURES]!;
  });
  const targets = Float64Array.from({ length: ROWS }, () => drbg.below(classes));
  return { source: 'people', target: 'y', columns, rows: ROWS, features: FEATURES, values, targets };
}

/** Where those of a subset's standardised rows begin that have both flags. */
function rowsWithBoth(values: Float64Array): number[] {
  const starts = Array.from({ length: values.length / FEATURES }, (_, row) => row * FEATURES);
  return starts.filter((start) => values[start]! > 0 && values[start + 1]! > 0);
}

/** What one reply says of a subset or batch, standardised. */
interface Said {
  readonly means: readonly number[];
  /** Row-major. */
  readonly second: readonly number[];
  /** For each column x, E x·(what the vector stands for). */
  readonly thirds: readonly number[];
}

/** Both families, and how their replies are read. */
const families: readonly {
  readonly program: TrainingProgram;
  readonly classes: number;
  readonly read: (numbers: ReplyNumbers, shape: { rows: number; totalRows: number }) => Said;
}[] = [
  {
    program: defineProgram({ family: 'logistic', degree: 2 }),
    classes: 2,
    read: ({ imaginary, setup }, rows) => {
      const { means, second, imaginaryUnit } = readLogisticSetup(setup!.numbers, {
        features: FEATURES,
        ...rows,
      });
      return { means, second, thirds: Array.from(imaginary, (value) => value * imaginaryUnit) };
    },
  },
  {
    program: defineProgram({ family: 'multiLogistic', degree: 2, classes: [0, 1, 2, 3] }),
    classes: 4,
    read: ({ values, setup }, rows) => {
      const shape = { features: FEATURES, ...rows };
      const { means, second, imaginaryUnit } = readClassSetup(setup!.numbers, shape, 4);
      const first = Array.from(values).slice(0, 2 * FEATURES);
      return { means, second, thirds: partsOf(first, 2).thirds.map((value) => value * imaginaryUnit) };
    },
  },
];

const unit = (place: number): number[] =>
  Array.from({ length: queryLength(FEATURES, 2) }, (_, other) => Number(other === place));

describe.each(families)(
  'a vector that is no lift, to hosts of $program.family',
  ({ program, classes, read }) => {
    const split = (table: Table, subsets: number, options: PrepareOptions = {}): Prepared =>
      prepare(table, subsets, { ...options, program });

    async function ownerOf(prepared: Prepared) {
      const owner = await curiousOwner(prepared, program);
      const ask = async (vector: readonly number[], of: readonly number[]): Promise<Said> => {
        const rows = of.reduce((sum, subset) => sum + prepared.template.subsetRows[subset]!, 0);
        return read(await owner.ask(vector, of), { rows, totalRows: ROWS });
      };
      return { prepared, ask };
    }

    /** The sum of rows in which both flags are 1, each column in its own unit, by the reply to the product of the two alone. */
    function sumOfBoth({ template }: Prepared, said: Said, rows: number): number[] {
      const { means: m, scales: s } = template.statistics;
      return columns.map((_, k) => {
        const second = (i: number, j: number): number => said.second[i * FEATURES + j]!;
        // E a·b·x with flags a and b as 0 and 1: once with x a standardised column, once with 1.
        const both = (third: number, withA: number, withB: number, alone: number): number =>
          s[0]! * s[1]! * third + s[0]! * m[1]! * withA + m[0]! * s[1]! * withB + m[0]! * m[1]! * alone;
        const column = both(said.thirds[k]! / 2, second(0, k), second(1, k), said.means[k]!);
        const count = both(second(0, 1), said.means[0]!, said.means[1]!, 1);
        return rows * (column * s[k]! + count * m[k]!);
      });
    }

    const truthOf = (table: Table, person: number): number[] => [
      ...table.values.subarray((APART * person + 50) * FEATURES, (APART * person + 51) * FEATURES),
    ];

    it('attack 66: says the whole row of the only person with two flags, in one reply; its split takes no such program', async () => {
      const table = people(1, classes);
      const { prepared, ask } = await ownerOf(split(table, 2));
      const { subsetRows } = prepared.template;
      const sums = await Promise.all(
        subsetRows.map(async (rows, subset) => sumOfBoth(prepared, await ask(unit(PAIR), [subset]), rows)),
      );
      const found = sums.find(([asthma]) => Math.round(asthma!) === 1)!;
      found.forEach((value, k) => expect(value).toBeCloseTo(truthOf(table, 0)[k]!, 1));
      // No count of single columns prevents it.
      const { leastCells, pairCells } = splitTable(table, { subsets: 2, seed }).report;
      requireLeastCells(leastCells, 5);
      expect(refusal(() => requirePairCells(pairCells, 5), 'VT7507').facts).toMatchObject({ count: 1 });
    });

    it('attack 66: says every moment that the program shows and no other, counted, to one vector for each product', async () => {
      const { prepared, ask } = await ownerOf(split(people(1, classes), 2));
      const places = Array.from({ length: (FEATURES * (FEATURES + 1)) / 2 }, (_, place) => FEATURES + place);
      const replies = await Promise.all(places.map((place) => ask(unit(place), [0])));
      const pairs = columns.flatMap((_, i) => columns.slice(i).map((_unused, j) => [i, i + j] as const));
      const thirds = new Map<string, number[]>();
      replies.forEach(({ thirds: said }, place) => {
        const [i, j] = pairs[place]!;
        said.forEach((value, k) => {
          const name = [i, j, k].sort().join();
          thirds.set(name, [...(thirds.get(name) ?? []), i === j ? value : value / 2]);
        });
      });
      // What two vectors say of one moment is the same.
      for (const values of thirds.values())
        expect(Math.max(...values) - Math.min(...values)).toBeLessThan(2 ** -10);
      // First and second moments and those with the target, which set-ups say outright.
      const outputs = classes === 2 ? 1 : classes;
      const others = FEATURES + pairs.length + outputs * (FEATURES + 1);
      expect(thirds.size + others).toBe(programMoments(program, prepared.template));
      // An honest vector says sums of these, and nothing beside.
      const weights = [0.5, -1, 0.25, 0.75];
      const honest = await ask(monomialsOf(weights, 2), [0]);
      const expected = columns.map((_, k) =>
        pairs.reduce((sum, [i, j], place) => sum + weights[i]! * weights[j]! * replies[place]!.thirds[k]!, 0),
      );
      honest.thirds.forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(2 ** -10));
    });

    it('attack 66: says the same of two subsets in which everybody with both flags has another age, where the split passes', async () => {
      const table = people(20, classes);
      const { shards, report, template } = splitTable(table, { subsets: 2, seed });
      requirePairCells(report.pairCells, 5);
      // Ages go round among those of the first subset.
      const [first] = shards;
      const having = rowsWithBoth(first!.values);
      expect(having.length).toBeGreaterThanOrEqual(5);
      const values = first!.values.slice();
      having.forEach((start, place) => {
        const from = having[(place + 1) % having.length]!;
        values[start + AGE] = first!.values[from + AGE]!;
        expect(values[start + AGE]).not.toBe(first!.values[start + AGE]);
      });
      const [one, other] = await Promise.all(
        [first!, { ...first!, values }].map(async (shard) => {
          const bytes = encodePackage({ template, shard, shardSecret: new Uint8Array(32) });
          const packages = [openPackage(bytes, { program, template })];
          const { prepared, ask } = await ownerOf({ table, template, packages, packageBytes: [bytes] });
          return sumOfBoth(prepared, await ask(unit(PAIR), [0]), first!.rows);
        }),
      );
      expect(Math.round(one![0]!)).toBe(having.length);
      one!.forEach((value, k) => expect(other![k]!).toBeCloseTo(value, 1));
    });

    it('attack 66: says nothing in an update that is masked; the sum over a batch is counted as a subset is', async () => {
      const table = people(1, classes);
      const sums = { aggregation: 'sum' } as const;
      const { prepared, ask } = await ownerOf(split(table, 3, sums));
      const { subsetRows } = prepared.template;
      const row = truthOf(table, 0);
      const isRead = (found: readonly number[]): boolean =>
        found.every((value, k) => Math.abs(value - row[k]!) < 1);
      for (const [subset, rows] of subsetRows.entries())
        expect(isRead(sumOfBoth(prepared, await ask(unit(PAIR), [subset]), rows))).toBe(false);
      expect(isRead(sumOfBoth(prepared, await ask(unit(PAIR), [0, 1, 2]), ROWS))).toBe(true);
      const { pairCells } = splitTable(table, { ...sums, subsets: 3, seed }).report;
      expect(refusal(() => requirePairCells(pairCells, 5), 'VT7507').facts).toMatchObject({ count: 1 });
    });
  },
);
