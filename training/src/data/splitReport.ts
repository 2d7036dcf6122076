import { rareRows, type ColumnLeastCells } from './leastCells.js';
import { rarePairs, type PairCell } from './pairCells.js';
import { fewRows, type ShownMoments } from './shownMoments.js';
import type { SplitPlan, SplitRule } from './splitPlan.js';
import type { RowTable } from './rowTable.js';

/** What a data owner sees before it hands anything out: bins × subsets, and whether the rules hold. */
export interface SplitReport {
  /** What the rows were split by. */
  readonly rule: SplitRule;
  /** Column whose values make the bins. */
  readonly column: string;
  /** Bins of that column, in input units; both ends belong to the bin. */
  readonly bins: readonly {
    /** Least value. */
    readonly from: number;
    /** Largest value. */
    readonly to: number;
    /** Rows of the table in it. */
    readonly rows: number;
  }[];
  /** Rows by subset and bin. */
  readonly counts: readonly (readonly number[])[];
  /** Rows of each subset, by index. */
  readonly subsetRows: readonly number[];
  /** Whether each subset lacks at least one bin. */
  readonly noSubsetHasEveryBin: boolean;
  /** Of the column that makes the bins. */
  readonly noSubsetHasTheWholeRange: boolean;
  /** Whether no bin makes up more than half of a subset. */
  readonly noBinHasAMajority: boolean;
  /** The fewest rows that share a value, by column and subset, or batch where replies are added up: see {@link ColumnLeastCells}. */
  readonly leastCells: readonly ColumnLeastCells[];
  /** The fewest rows that share the values of two features, by subset or batch: see {@link PairCell}. */
  readonly pairCells: readonly PairCell[];
  /** The second moments that every program shows, against the values of the rows; absent where hosts get no rows. */
  readonly shown?: ShownMoments | undefined;
  /** Sentences to show to the data owner. */
  readonly notes: readonly string[];
}

/** Measures the split that was made, not the one that was planned. */
export function reportSplit(
  table: RowTable,
  plan: SplitPlan,
  members: readonly Uint32Array[],
  cells: Pick<SplitReport, 'leastCells' | 'pairCells' | 'shown'>,
): SplitReport {
  const lowest = plan.bins.ranges[0]?.from;
  const highest = plan.bins.ranges[plan.bins.ranges.length - 1]?.to;
  const holdsBothEnds = members.some(
    (rows) =>
      rows.some((row) => plan.values[row] === lowest) && rows.some((row) => plan.values[row] === highest),
  );
  const subsetRows = members.map((rows) => rows.length);
  const rare = [cells.shown && fewRows(cells.shown), rareRows(cells.leastCells), rarePairs(cells.pairCells)];
  return {
    rule: plan.rule,
    column: plan.column,
    bins: plan.bins.ranges.map((range, bin) => ({ ...range, rows: plan.bins.rows[bin]?.length ?? 0 })),
    counts: plan.counts,
    subsetRows,
    noSubsetHasEveryBin: plan.counts.every((bins) => bins.includes(0)),
    noSubsetHasTheWholeRange: !holdsBothEnds,
    noBinHasAMajority: plan.counts.every((bins, subset) =>
      bins.every((rows) => 2 * rows <= (subsetRows[subset] ?? 0)),
    ),
    ...cells,
    notes: [...ruleNotes(table, plan), ...rare.filter((note) => note !== undefined)],
  };
}

function ruleNotes(table: RowTable, plan: SplitPlan): string[] {
  if (plan.rule === 'target') return [];
  if (plan.rule === 'random')
    return [
      'Rows are dealt at random, whatever their values, since a deal that goes by values would tell of them. Hosts get moments with noise in place of rows.',
    ];
  const why = hasTwoValues(table.targets)
    ? `"${table.target}" has two values: a subset that lacks one of them is all of the other, so the two rules cannot both hold for it.`
    : `"${table.target}" has too few different values, or too many equal ones, to be split by.`;
  const instead =
    plan.rule === 'feature'
      ? `The rows are split by quantiles of "${plan.column}" instead.`
      : `No feature allows it either: rows are split by rank, equal values in random order, and the rules hold for ranks, not for values.`;
  return [why, instead];
}

function hasTwoValues(values: Float64Array): boolean {
  const other = values.find((value) => value !== values[0]);
  return other !== undefined && values.every((value) => value === values[0] || value === other);
}
