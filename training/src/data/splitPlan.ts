import type { Drbg } from '../drbg.js';
import { allocate, obeysSkewRules, type Allocation } from './allocate.js';
import { countDistinct, quantileBins, sortRows, type Bins } from './bins.js';
import { columnsOf, type RowTable } from './rowTable.js';

/**
 * By which values the rows are binned: the target's, a feature's, or a random order of the target's ranks. `random`: rows of a private
 * dataset are dealt whatever their values.
 */
export type SplitRule = 'target' | 'feature' | 'rank' | 'random';

/** Bins, and how many rows of each go to each subset. */
export interface SplitPlan {
  readonly rule: SplitRule;
  /** Column whose values make the bins. */
  readonly column: string;
  readonly values: Float64Array;
  readonly bins: Bins;
  readonly counts: Allocation;
}

const BIN_COUNTS = [8, 7, 6, 5, 4, 3];
/** Different values that a column must have to be split by. */
const LEAST_VALUES = 3;
const ZONES = [2, 1];
const LOW_SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/**
 * The first plan that obeys the skew rules: by quantiles of the target; else by quantiles of the feature with most
 * different values that allows it; else by rank, ties broken by the generator.
 */
export function planSplit(table: RowTable, subsets: number, drbg: Drbg): SplitPlan {
  const byTarget = planColumn('target', table.target, table.targets, subsets);
  if (byTarget !== undefined) return byTarget;
  const features = featuresByVariety(table);
  let next = 0;
  for (const values of columnsOf(table, table.features + 1, features)) {
    const plan = planColumn('feature', table.columns[features[next++] ?? 0] ?? '', values, subsets);
    if (plan !== undefined) return plan;
  }
  const byRank = planColumn('rank', table.target, randomRanks(table.targets, drbg), subsets);
  // Ranks are all different, so bins are even; allocate() has a layout for every size (see its tests).
  if (byRank === undefined) throw new RangeError(`no layout for ${table.rows} rows in ${subsets} subsets`);
  return {
    ...byRank,
    bins: { rows: byRank.bins.rows, ranges: rangesOf(byRank.bins, table.targets) },
    values: table.targets,
  };
}

function planColumn(
  rule: SplitRule,
  column: string,
  values: Float64Array,
  subsets: number,
): SplitPlan | undefined {
  const order = sortRows(values);
  if (countDistinct(values, order) < LEAST_VALUES) return undefined;
  for (const count of BIN_COUNTS) {
    const bins = quantileBins(values, order, count);
    const counts = fitLayout(
      bins.rows.map((rows) => rows.length),
      subsets,
    );
    if (counts !== undefined) return { rule, column, values, bins, counts };
  }
  return undefined;
}

function fitLayout(binRows: readonly number[], subsets: number): Allocation | undefined {
  for (const zone of ZONES) {
    if (binRows.length < 2 * zone + 1) continue;
    for (const share of LOW_SHARES) {
      const lowSubsets = Math.min(subsets - 1, Math.max(1, Math.round(subsets * share)));
      const counts = allocate(binRows, { subsets, zone, lowSubsets });
      if (counts !== undefined && obeysSkewRules(counts)) return counts;
    }
  }
  return undefined;
}

/** Features of three values or more, those with most different values first. */
function featuresByVariety(table: RowTable): number[] {
  const distinct: number[] = [];
  for (const values of columnsOf(table, table.features + 1, [...table.columns.keys()]))
    distinct.push(countDifferent(values.sort()));
  const varietyOf = (feature: number): number => distinct[feature] ?? 0;
  return [...distinct.keys()]
    .filter((feature) => varietyOf(feature) >= LEAST_VALUES)
    .sort((a, b) => varietyOf(b) - varietyOf(a));
}

/** How many different numbers there are among sorted ones. */
function countDifferent(sorted: Float64Array): number {
  let count = 0;
  sorted.forEach((value, place) => (count += place === 0 || value !== sorted[place - 1] ? 1 : 0));
  return count;
}

function randomRanks(values: Float64Array, drbg: Drbg): Float64Array {
  const shuffled = Uint32Array.from(values, (_, row) => row);
  drbg.shuffle(shuffled);
  const order = Array.from(shuffled).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  order.forEach((row, rank) => (ranks[row] = rank));
  return ranks;
}

function rangesOf(bins: Bins, values: Float64Array): Bins['ranges'] {
  return bins.rows.map((rows) => ({
    from: values[rows[0] ?? 0] ?? 0,
    to: values[rows[rows.length - 1] ?? 0] ?? 0,
  }));
}
