import { describe, expect, it } from 'vitest';
import { requireValuesPerMoment } from './data/shownMoments.js';
import type { Table } from './data/table.js';
import { Drbg } from './drbg.js';
import { addScaled, dot, norm, scaled, solveDefinite } from './optimisers/vectors.js';
import { defineProgram, type TrainingProgram } from './program.js';
import { programMoments } from './programMoments.js';
import { curiousOwner } from './testing/curiousOwner.js';
import { refusal } from './testing/errors.js';
import { prepare, type Prepared, type PrepareOptions } from './testing/fixtures.js';
import { momentsFromReplies, type Moments } from './testing/momentsFromReplies.js';

// A model owner solves the replies of a small subset for its rows. It knows the template, and that columns are 0 or 1. Replies are
// those of real hosts to real messages; what the owner chooses is the weights in them.

const FLAGS = 16;
const ROWS = 120;
/** One of the most: in some, other rows have the same moments as well. */
const SUBSET = 7;
const places = Array.from({ length: FLAGS }, (_, place) => place);

/** @param values of the target, from 0 */
function flags(values: number): Table {
  const drbg = new Drbg(Buffer.from('flags'));
  const cells = Float64Array.from({ length: ROWS * FLAGS }, () => drbg.below(2));
  const targets = Float64Array.from({ length: ROWS }, () => drbg.below(values));
  const columns = places.map((place) => `flag${place}`);
  return { source: 'flags', target: 'y', columns, rows: ROWS, features: FLAGS, values: cells, targets };
}

const classes = [0, 1, 2, 3];

/** Every family, and how many values its target has. */
const cases: readonly { readonly program: TrainingProgram; readonly values: number }[] = [
  { program: defineProgram({ lambda: 0, localSteps: 1 }), values: 10_000 },
  { program: defineProgram({ data: 'encrypted', lambda: 0, localSteps: 1 }), values: 10_000 },
  { program: defineProgram({ family: 'ridge', lambda: 0 }), values: 10_000 },
  { program: defineProgram({ family: 'logistic', degree: 1 }), values: 2 },
  { program: defineProgram({ family: 'multiLogistic', degree: 1, classes }), values: 4 },
  { program: defineProgram({ family: 'ridgeClassifier', lambda: 0, classes }), values: 4 },
];

/** An orthonormal basis of what the vectors span. */
function basisOf(vectors: readonly (readonly number[])[]): number[][] {
  const longest = Math.max(...vectors.map(norm));
  const basis: number[][] = [];
  for (const vector of vectors) {
    const rest = outside(basis, outside(basis, vector));
    if (norm(rest) > 1e-3 * longest) basis.push(scaled(1 / norm(rest), rest));
  }
  return basis;
}

const outside = (basis: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  basis.reduce<number[]>((rest, axis) => addScaled(rest, -dot(rest, axis), axis), [...vector]);

/** Every row that there could be. */
const possibleRows = Array.from({ length: 2 ** FLAGS }, (_, bits) =>
  places.map((place) => Math.floor(bits / 2 ** place) % 2),
);

/** The rows that could be among those of the moments: in their span, which has as many dimensions as rows, if they are few. */
function rowsThatFit(prepared: Prepared, { products }: Moments): { row: number[]; units: number[] }[] {
  const { means, scales } = prepared.template.statistics;
  const span = basisOf(products);
  const around = basisOf([...span, ...places.map((axis) => places.map((place) => Number(place === axis)))]);
  const beside = around.slice(span.length);
  return possibleRows.flatMap((row) => {
    const units = row.map((value, place) => (value - means[place]!) / scales[place]!);
    return beside.every((axis) => Math.abs(dot(axis, units)) < 1e-2) ? [{ row, units }] : [];
  });
}

/** How often each of these rows is there, so that the products add up: as many equations as products, a row an unknown. */
function countsOf(fitting: readonly { units: number[] }[], { products }: Moments): number[] {
  const pairs = fitting.flatMap((one) => fitting.map((other) => dot(one.units, other.units) ** 2));
  const right = fitting.map(({ units }) =>
    dot(
      units,
      products.map((column) => dot(column, units)),
    ),
  );
  return solveDefinite(pairs, right) ?? [];
}

/** The targets of rows, so that their products with the flags add up: numbers, or the class whose indicator is largest. */
function targetsOf(prepared: Prepared, rows: readonly number[][], { withTarget }: Moments): number[] {
  const { targetMean, targetScale } = prepared.template.statistics;
  const pairs = rows.flatMap((one) => rows.map((other) => dot(one, other)));
  const solved = withTarget.map(
    (sums) =>
      solveDefinite(
        pairs,
        rows.map((row) => dot(row, [...sums])),
      ) ?? [],
  );
  const [numbers = []] = solved;
  return numbers.map((number, row) => {
    if (solved.length === 1) return Math.round(number * targetScale + targetMean);
    const indicators = solved.map((list) => list[row]!);
    return indicators.indexOf(Math.max(...indicators));
  });
}

/** The rows, flags and target, that a model owner makes of moments; in no order. */
function solvedRows(prepared: Prepared, moments: Moments): string[] {
  const fitting = rowsThatFit(prepared, moments);
  const counts = countsOf(fitting, moments);
  const found = fitting.filter((_, place) => Math.round(counts[place]!) === 1);
  const targets = targetsOf(
    prepared,
    found.map(({ units }) => units),
    moments,
  );
  return found.map(({ row }, place) => [...row, targets[place]!].join(' ')).sort();
}

/** A subset's rows as the table has them, target last, in no order. */
function truthOf({ template, packageBytes }: Prepared, subset: number): string[] {
  const width = FLAGS + 1;
  const rows = template.subsetRows[subset]!;
  const bytes = packageBytes[subset]!;
  const numbers = new Float64Array(bytes.slice(bytes.length - 8 * rows * width).buffer);
  const { targetMean, targetScale, means, scales } = template.statistics;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(numbers.subarray(row * width, (row + 1) * width), (value, place) =>
      Math.round(value * (scales[place] ?? targetScale) + (means[place] ?? targetMean)),
    ).join(' '),
  ).sort();
}

describe.each(cases)('rows from updates of $program.family by linear algebra', ({ program, values }) => {
  const table = flags(values);

  async function asked(count: number, subsets: readonly number[], options: PrepareOptions = {}) {
    const prepared = prepare(table, count, { ...options, program });
    const owner = await curiousOwner(prepared, program);
    return { prepared, moments: await momentsFromReplies({ prepared, program, owner, subsets }) };
  }

  it('attack 68: are found, each flag and each target, in a subset of fewer rows than features; its split is refused', async () => {
    const { prepared, moments } = await asked(12, [SUBSET]);
    const truth = truthOf(prepared, SUBSET);
    expect(truth).toHaveLength(10);
    expect(solvedRows(prepared, moments)).toEqual(truth);
    const shown = programMoments(program, prepared.template);
    const error = refusal(() => requireValuesPerMoment(prepared.template, 3, shown), 'VT7510');
    expect(error.facts).toMatchObject({ rows: 10, values: 170, moments: shown, least: 3 });
    requireValuesPerMoment(prepared.template, 0, shown);
  });

  it('attack 68: are not, in a subset that passes: every row that there could be fits', async () => {
    const { prepared, moments } = await asked(3, [0]);
    requireValuesPerMoment(prepared.template, 3, programMoments(program, prepared.template));
    expect(rowsThatFit(prepared, moments)).toHaveLength(2 ** FLAGS);
  });

  // Replies on encrypted data are not added up.
  it.runIf(program.data !== 'encrypted')(
    'attack 68: are not, where replies are added up: neither in the sum over a batch, nor in an update of it',
    async () => {
      const sums = { aggregation: 'sum' } as const;
      const batch = await asked(12, [6, 7, 8], sums);
      expect(rowsThatFit(batch.prepared, batch.moments)).toHaveLength(2 ** FLAGS);
      const single = await asked(12, [SUBSET], sums);
      expect(rowsThatFit(single.prepared, single.moments)).not.toHaveLength(10);
    },
  );
});
