import { readFileSync } from 'node:fs';
import { parseTable, type Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { addOuter, addTo, dot, scaledIdentity, solveDefinite } from '../optimisers/vectors.js';
import type { Prepared } from './fixtures.js';

/** Forecasts of a trend by quarters: `quarter` is the difference of two columns that are almost the same. */
export const forecasts = (): Table =>
  parseTable(readFileSync(new URL('../../../../shared/cases/forecasts.csv', import.meta.url), 'utf8'), {
    target: 'quarter',
  });

/** Kinds of tables that are hard to fit by steps. */
export const hardKinds = ['duplicated', 'collinear', 'one-hot', 'wide', 'trend'] as const;

/** A table of a kind, with `size` columns or groups of columns; the same for the same seed. */
export function hardTable(kind: (typeof hardKinds)[number], size: number, seed: number): Table {
  const drbg = new Drbg(Buffer.from(`${kind}/${seed}`));
  // Of variance 1.
  const noise = (): number => (drbg.below(2 ** 32) / 2 ** 32 - 0.5) * Math.sqrt(12);
  const numbers = (count: number): number[] => Array.from({ length: count }, noise);
  const truth = numbers(32);
  const rowOf = {
    duplicated: () => numbers(size).flatMap((value) => [value, value]),
    /** Pairs that differ by a twentieth: what tells the target is their difference. */
    collinear: () => numbers(size).flatMap((value) => [value, value + noise() / 20]),
    'one-hot': () => {
      const group = drbg.below(size + 1);
      return [...Array.from({ length: size + 1 }, (_, level) => (level === group ? 1 : 0)), noise()];
    },
    wide: () => numbers(16 + 2 * size),
    trend: (row: number) => [row, Math.floor(row / 4), row + noise()],
  }[kind];
  const targetOf = (values: readonly number[], row: number): number => {
    if (kind === 'trend') return row % 4;
    if (kind !== 'collinear') return values.reduce((sum, value, j) => sum + value * truth[j]!, noise() / 4);
    return values.reduce((sum, value, j) => sum + (j % 2 === 0 ? value : -value) * 20, noise() / 4);
  };
  const rows = kind === 'wide' ? 30 + 2 * size : 120;
  const all = Array.from({ length: rows }, (_, row) => rowOf(row));
  const features = all[0]?.length ?? 0;
  return {
    source: kind,
    target: 'y',
    columns: Array.from({ length: features }, (_, j) => `x${j}`),
    rows,
    features,
    values: Float64Array.from(all.flat()),
    targets: Float64Array.from(all, targetOf),
  };
}

/**
 * The ridge solution by a direct solver, in standardised units, and the mean squared error of any model as a part of the
 * target's variance. A penalty of 1e-10 more decides between solutions where columns are the same.
 */
export function directRidge({ table, template }: Pick<Prepared, 'table' | 'template'>, lambda: number) {
  const { means, scales, targetMean, targetScale } = template.statistics;
  const { rows, features } = table;
  const standardised = Array.from({ length: rows }, (_, row) =>
    means.map((mean, j) => (table.values[row * features + j]! - mean) / scales[j]!),
  );
  const targets = Array.from(table.targets, (target) => (target - targetMean) / targetScale);
  const curvature = scaledIdentity(features, lambda + 1e-10);
  const right = means.map(() => 0);
  for (const [row, values] of standardised.entries()) {
    addOuter(curvature, 1 / rows, values);
    addTo(right, targets[row]! / rows, values);
  }
  const errorOf = (weights: readonly number[]): number =>
    standardised.reduce((sum, values, row) => sum + (targets[row]! - dot(values, weights)) ** 2 / rows, 0);
  return { weights: solveDefinite(curvature, right) ?? [], errorOf };
}
