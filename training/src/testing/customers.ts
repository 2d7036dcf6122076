import { parseTable } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { mappedWidth } from '../maps/mappedRows.js';
import type { MapDocument } from '../maps/registry.js';
import { familyOf } from '../models/registry.js';
import type { OnnxSource } from '../onnx/index.js';

/** Numbers in [−1, 1), the same for the same seed. */
const uniformOf = (of: Drbg) => (): number => of.below(2 ** 32) / 2 ** 31 - 1;
const drbg = new Drbg(Buffer.from('customers'));
/** In [−1, 1). */
export const uniform = uniformOf(drbg);
const pick = <Value>(values: readonly Value[]): Value => values[drbg.below(values.length)]!;

const columns = ['tenure', 'plan', 'charge', 'region', 'churn'] as const;
/** A customer, as cells of a table. */
export type Customer = Record<(typeof columns)[number], string>;

/** Customers with gaps, rare plans, and plans that are numbers. */
export const customers: readonly Customer[] = Array.from({ length: 240 }, (_, row) => ({
  tenure: pick(['', String(drbg.below(70))]),
  plan: row % 60 === 7 ? pick(['rare', 'odd']) : pick(['basic', 'plus', 'Größe', '1', '20', '']),
  charge: (20 + 80 * uniform()).toFixed(2),
  region: pick(['north', 'south', 'west']),
  churn: pick(['no', 'yes']),
}));

/** Their table, without what they did at last where a model has to say it. */
export const customersCsv = (rows: readonly Customer[], withTarget = true): string => {
  const shown = withTarget ? columns : columns.slice(0, -1);
  return [shown.join(','), ...rows.map((row) => shown.map((column) => row[column]).join(','))].join('\n');
};

const table = parseTable(customersCsv(customers), {
  target: 'churn',
  missing: 'fill',
  categories: ['plan'],
});

/** How customers become features. The third class is for models of more than two. */
export const recipe = { ...table.recipe!, classes: ['no', 'yes', 'maybe'] };
/** The features. */
export const features = table.columns;

/** Rows that training never saw: other texts, other writings of none and of a number, values beyond all others. */
export const strangers: readonly Customer[] = [
  { tenure: '', plan: 'never seen', charge: '1e9', region: 'south', churn: 'yes' },
  { tenure: '-3.5', plan: 'N/A', charge: '-1e9', region: 'west', churn: 'no' },
  { tenure: '12', plan: 'None', charge: '0', region: 'east', churn: 'no' },
  { tenure: '12', plan: '1.0', charge: '55', region: 'north', churn: 'no' },
];

/** A model with numbers that no training made, to compare how they are used. */
export function madeUpModel(
  family: string,
  map: MapDocument,
  names: readonly string[],
  more = {},
): OnnxSource {
  const uniform = uniformOf(new Drbg(Buffer.from(`${family} ${map.kind}`)));
  const list = (length: number): number[] => Array.from({ length }, uniform);
  const isMapped = map.kind !== 'identity';
  const use = { map, hasOnes: familyOf(family).wantsOnes };
  const width = isMapped ? mappedWidth(use, names.length) : names.length;
  const classes = family === 'logistic' ? [0, 1] : [0, 1, 2];
  const scales = (count: number): number[] => list(count).map((value) => 1.5 + value);
  const standard = { means: list(width), scales: scales(width) };
  const others = {
    linear: { weights: list(width), intercept: uniform() },
    ridge: { weights: list(width), intercept: uniform(), ...standard },
    logistic: { weights: list(width).map((weight) => weight / 20), intercept: uniform(), classes },
  };
  // Weights that add up to nothing, so that rows decide, not what features are on average.
  const classWeights = (): number[] => {
    const drawn = list(width);
    const mean = drawn.reduce((sum, weight) => sum + weight, 0) / width;
    return drawn.map((weight) => weight - mean);
  };
  const several = { weights: classes.flatMap(classWeights), intercepts: list(3), classes };
  const parameters = { ...others, multiLogistic: several, ridgeClassifier: { ...several, ...standard } }[
    family
  ]!;
  const mapped = { map, means: list(names.length), scales: names.map(() => 10) };
  return {
    target: 'churn',
    columns: names,
    family,
    parameters,
    ...(isMapped && { features: mapped }),
    ...more,
  };
}
