import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { predict } from '../models/predict.js';
import { chooseMultiLogisticHead, type MultiLogisticHead } from '../models/multiLogistic/head.js';
import { multiLogistic } from '../models/multiLogistic/index.js';
import { toParameters } from '../models/multiLogistic/model.js';
import { MultiLogisticSums, type MultiLogisticMoments } from '../models/multiLogistic/moments.js';
import type { MultiLogisticState } from '../models/multiLogistic/state.js';
import type { TrainedResult } from '../models/result.js';
import { exactLogistic, penalisedLoss, type LabelledRows } from './exactLogistic.js';
import { hardKinds, hardTable } from './hardTables.js';
import {
  labelledRows,
  splitFor,
  splitPartsFor,
  trainFamily,
  type ClearRound,
  type LogisticSplit,
  type SumsFor,
} from './logistic.js';

/** Kinds of tables of three classes that are hard to fit. */
export const classKinds = [...hardKinds, 'separable', 'noisy'] as const;

/** A table with a target of 0, 1 and 2; the same for the same seed. Of the kinds of `hardTable`, thirds of its target. */
export function threeClasses(kind: (typeof classKinds)[number], size: number, seed: number): Table {
  if (kind === 'separable' || kind === 'noisy') return centredTable(kind === 'separable', size, seed);
  const table = hardTable(kind, size, seed);
  const sorted = [...table.targets].sort((a, b) => a - b);
  const bounds = [1, 2].map((third) => sorted[Math.floor((third * sorted.length) / 3)]!);
  const targets = table.targets.map((target) => bounds.filter((bound) => target >= bound).length);
  return { ...table, targets };
}

/** Rows around three centres: gaps lie between them, or the label is as good as random. */
function centredTable(isSeparable: boolean, features: number, seed: number): Table {
  const drbg = new Drbg(Buffer.from(`centred/${seed}`));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const rows = 150;
  const targets = Float64Array.from({ length: rows }, () => drbg.below(3));
  const values = Float64Array.from({ length: rows * features }, (_, place) => {
    const label = targets[Math.floor(place / features)]!;
    // Centres on a parabola: the middle one is no middle to the others.
    const centre = place % features === 0 ? label : label * label - label;
    return uniform() + (isSeparable ? 3 : 0.3) * centre;
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'centred', target: 'y', columns, rows, features, values, targets };
}

/** A head for the values of a table's target. */
export function headFor(table: Table, choices: Partial<MultiLogisticHead> = {}): MultiLogisticHead {
  const classes = [...new Set(table.targets)].sort((a, b) => a - b);
  return chooseMultiLogisticHead({ classes, ...choices });
}

const sumsOf =
  (head: MultiLogisticHead): SumsFor<MultiLogisticMoments> =>
  (template) =>
    new MultiLogisticSums(head, template);

/** Splits a table by the project's rule, and sums its subsets. */
export const splitForClasses = (table: Table, head: MultiLogisticHead, subsets: number) =>
  splitFor(sumsOf(head), table, subsets);

/** A table in the given parts, which the project's rule would not make. */
export const splitClassesInto = (
  table: Table,
  head: MultiLogisticHead,
  parts: readonly (readonly number[])[],
) => splitPartsFor(sumsOf(head), table, parts);

/** Trains in clear; replies carry the noise of encrypted ones. */
export const trainClasses = (
  split: LogisticSplit<MultiLogisticMoments>,
  head: MultiLogisticHead,
  draws: readonly (readonly number[])[],
): ClearRound<MultiLogisticState>[] => trainFamily(multiLogistic, split, head, draws);

/** Rows in standardised units, labelled for a class against the rest. */
function restRows(table: Table, { template }: Pick<LogisticSplit, 'template'>, value: number): LabelledRows {
  const { rows } = labelledRows(table, template);
  return { rows, labels: Array.from(table.targets, (target) => (target === value ? 1 : 0)) };
}

/** Penalised log-losses of each class against the rest, added up. */
export function lossOfClasses(
  table: Table,
  split: Pick<LogisticSplit, 'template'>,
  { classes, lambda }: MultiLogisticHead,
  weights: readonly (readonly number[])[],
): number {
  return classes.reduce(
    (sum, value, place) => sum + penalisedLoss(restRows(table, split, value), lambda, weights[place] ?? []),
    0,
  );
}

/** The exact fit of each class against the rest, as scikit-learn's `OneVsRestClassifier(LogisticRegression)` makes it. */
export function exactClasses(
  table: Table,
  split: Pick<LogisticSplit, 'template'>,
  { classes, lambda }: MultiLogisticHead,
): { readonly weights: number[][]; readonly model: TrainedResult } {
  const weights = classes.map((value) => exactLogistic(restRows(table, split, value), lambda));
  return {
    weights,
    model: { family: 'multiLogistic', parameters: toParameters(weights, classes, split.template) },
  };
}

/** A state as a model. */
export const modelOf = (
  { standings, classes }: MultiLogisticState,
  { template }: Pick<LogisticSplit, 'template'>,
): TrainedResult => ({
  family: 'multiLogistic',
  parameters: toParameters(
    standings.map(({ weights }) => weights),
    classes,
    template,
  ),
});

/** Share of a table's rows whose class a model predicts. */
export const accuracyOf = (table: Table, model: TrainedResult): number =>
  predict(table, model).filter((value, row) => value === table.targets[row]).length / table.rows;
