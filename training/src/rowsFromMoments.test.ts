import { describe, expect, it } from 'vitest';
import { requireValuesPerMoment } from './data/shownMoments.js';
import type { Table } from './data/table.js';
import { Drbg } from './drbg.js';
import { applyMap } from './models/applyMap.js';
import { stepSize } from './models/linear/stepSize.js';
import { addScaled, dot, norm, scaled, solveDefinite, subtract } from './optimisers/vectors.js';
import { defineProgram } from './program.js';
import { programMoments } from './programMoments.js';
import { refusal } from './testing/errors.js';
import { packageOf, prepare, type Prepared } from './testing/fixtures.js';
import { messageShape } from './trainer/messageShape.js';
import { shardNumbers } from './trainer/shardNumbers.js';

// A model owner solves the replies of a small subset for its rows. It knows the template, and that columns are 0 or 1.

const FLAGS = 16;
const ROWS = 120;
const places = Array.from({ length: FLAGS }, (_, place) => place);
const program = defineProgram({ lambda: 0, localSteps: 1 });

function flags(): Table {
  const drbg = new Drbg(Buffer.from('flags'));
  const values = Float64Array.from({ length: ROWS * FLAGS }, () => drbg.below(2));
  const targets = Float64Array.from({ length: ROWS }, () => drbg.below(10_000));
  const columns = places.map((place) => `flag${place}`);
  return { source: 'flags', target: 'y', columns, rows: ROWS, features: FLAGS, values, targets };
}

/** Sums over a subset's rows, standardised. */
interface Moments {
  readonly products: readonly number[][];
  readonly withTarget: readonly number[];
}

/** From replies to weights of its choice, as far as they decrypt: 0 and the unit vectors give all second moments. */
function momentsFromReplies(prepared: Prepared, subset: number): Moments {
  const rows = prepared.template.subsetRows[subset]!;
  const { map } = shardNumbers(packageOf(prepared, subset), program, messageShape(program, FLAGS));
  const reply = (weights: readonly number[]): number[] =>
    [...applyMap(map, Float64Array.from(weights))].map((value) => Math.round(value * 2 ** 20) / 2 ** 20);
  const sums = scaled.bind(null, rows / stepSize(program.head, { features: FLAGS, rows, totalRows: ROWS }));
  const offset = reply(places.map(() => 0));
  const unit = (j: number): number[] => places.map((place) => Number(place === j));
  const products = places.map((j) => sums(subtract(unit(j), subtract(reply(unit(j)), offset))));
  return { products, withTarget: sums(offset) };
}

/** An orthonormal basis of what the vectors span. */
function basisOf(vectors: readonly (readonly number[])[]): number[][] {
  const basis: number[][] = [];
  for (const vector of vectors) {
    const rest = outside(basis, outside(basis, vector));
    if (norm(rest) > 1e-3 * norm(vector)) basis.push(scaled(1 / norm(rest), rest));
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
  const basis = basisOf(products);
  return possibleRows.flatMap((row) => {
    const units = row.map((value, place) => (value - means[place]!) / scales[place]!);
    return norm(outside(basis, units)) < 1e-2 * norm(units) ? [{ row, units }] : [];
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

/** The targets of rows, so that their products with the flags add up. */
function targetsOf(prepared: Prepared, rows: readonly number[][], { withTarget }: Moments): number[] {
  const { targetMean, targetScale } = prepared.template.statistics;
  const pairs = rows.flatMap((one) => rows.map((other) => dot(one, other)));
  const right = rows.map((row) => dot(row, [...withTarget]));
  return (solveDefinite(pairs, right) ?? []).map((value) => Math.round(value * targetScale + targetMean));
}

/** A subset's rows as the table has them, target last, in no order. */
function truthOf({ template, packageBytes, table }: Prepared, subset: number): string[] {
  const width = FLAGS + 1;
  const rows = template.subsetRows[subset]!;
  const bytes = packageBytes[subset]!;
  const numbers = new Float64Array(bytes.slice(bytes.length - 8 * rows * width).buffer);
  const { targetMean, targetScale, means, scales } = template.statistics;
  expect(table.rows).toBe(ROWS);
  return Array.from({ length: rows }, (_, row) =>
    Array.from(numbers.subarray(row * width, (row + 1) * width), (value, place) =>
      Math.round(value * (scales[place] ?? targetScale) + (means[place] ?? targetMean)),
    ).join(' '),
  ).sort();
}

describe('rows from updates by linear algebra', () => {
  it('are found, each flag and each target, in a subset of fewer rows than features; its split is refused', () => {
    const prepared = prepare(flags(), 12);
    for (const subset of [0, 5, 11]) {
      const moments = momentsFromReplies(prepared, subset);
      const fitting = rowsThatFit(prepared, moments);
      const counts = countsOf(fitting, moments);
      const found = fitting.filter((_, place) => Math.round(counts[place]!) === 1);
      const targets = targetsOf(
        prepared,
        found.map(({ units }) => units),
        moments,
      );
      const rows = found.map(({ row }, place) => [...row, targets[place]!].join(' ')).sort();
      expect(rows).toEqual(truthOf(prepared, subset));
    }
    const moments = programMoments(program, prepared.template);
    const error = refusal(() => requireValuesPerMoment(prepared.template, 4, moments), 'VT7510');
    expect(error.facts).toMatchObject({ rows: 10, values: 170, moments: 169, least: 4, enough: 3 });
    requireValuesPerMoment(prepared.template, 0, moments);
  });

  it('are not, in a subset that passes: every row that there could be fits', () => {
    const prepared = prepare(flags(), 3);
    requireValuesPerMoment(prepared.template, 4, programMoments(program, prepared.template));
    const moments = momentsFromReplies(prepared, 0);
    expect(rowsThatFit(prepared, moments)).toHaveLength(2 ** FLAGS);
  });
});
