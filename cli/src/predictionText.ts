import type { Predictions } from '@veritrain/member/models';
import type { Codebook, ModelMetric, OtherLevels } from '@veritrain/training';
import { table } from './text.js';

/** In the words of the answer. */
const metricTitles: Readonly<Record<ModelMetric['name'], string>> = {
  mse: 'Mean squared error',
  rmse: 'Its root',
  mae: 'Mean absolute error',
  r2: 'R², explained',
  logLoss: 'Mean log-loss',
  brier: 'Brier score',
  auc: 'Area under the ROC curve',
  accuracy: 'Accuracy',
  f1: 'F1',
  errorRate: 'Share of wrong classes',
  macroAuc: 'Area under the ROC curve, mean of classes',
  macroF1: 'F1, mean of classes',
  squaredLoss: 'Squared loss of class indicators',
};

/** A column of an answer: its title for people, its name in a file, its values by row. */
interface PredictionColumn {
  readonly title: string;
  readonly name: string;
  readonly values: readonly (number | string)[];
  readonly digits?: number;
}

/** What is said of each row: the target, or the probability of its second class and the likelier class. */
function columnsOf(
  target: string,
  { predictions, classes, predictedClasses }: Predictions,
): PredictionColumn[] {
  const predicted = { title: `predicted ${target}`, name: target };
  if (predictedClasses === undefined) return [{ ...predicted, values: predictions, digits: 6 }];
  if (classes === undefined) return [{ ...predicted, values: predictedClasses }];
  const probability = `P(${target} = ${classes[1]})`;
  return [
    { title: probability, name: probability, values: predictions, digits: 6 },
    { ...predicted, values: predictedClasses },
  ];
}

/** Rows are counted as in the table's file: the header is row 1. */
const rowNumber = (index: number): number => index + 2;

/** Predictions as a file: a header and rows. */
export function predictionRows(
  target: string,
  of: Predictions,
): {
  header: string[];
  rows: (number | string)[][];
} {
  const columns = columnsOf(target, of);
  return {
    header: ['row', ...columns.map(({ name }) => name)],
    rows: of.predictions.map((_, index) => [
      rowNumber(index),
      ...columns.map(({ values }) => values[index] ?? NaN),
    ]),
  };
}

/** The first rows' predictions, for people. */
export function predictionTable(target: string, of: Predictions, rows: number): string {
  const columns = columnsOf(target, of);
  const shown = of.predictions
    .slice(0, rows)
    .map((_, index) => [
      rowNumber(index),
      ...columns.map(({ values, digits }) => cellText(values[index], digits)),
      ...(of.targets === undefined ? [] : [of.targets[index]]),
    ]);
  const titles = [
    'row',
    ...columns.map(({ title }) => title),
    ...(of.targets === undefined ? [] : ['given']),
  ];
  return table(titles, shown, 'No row.');
}

const cellText = (
  value: number | string | undefined,
  digits: number | undefined,
): number | string | undefined =>
  typeof value === 'number' && digits !== undefined ? value.toPrecision(digits) : value;

/** Texts that training gave no feature of their own, and what they counted as. */
export const otherLevelRows = ({
  otherLevels,
}: {
  readonly otherLevels: readonly OtherLevels[];
}): [string, string][] =>
  otherLevels.map(({ column, countedAs, levels }) => {
    const more = levels.length > maxLevels ? ` and ${levels.length - maxLevels} more` : '';
    return [
      'Other texts',
      `${column}: ${levels.slice(0, maxLevels).join(', ')}${more}, counted as ${countedAs}`,
    ];
  });

/** Texts that mean nothing because the levels of their column are codes, and nobody gave the codebook. @param coded such columns */
export function unreadRows(
  coded: readonly string[],
  codebook: Codebook | undefined,
  { otherLevels }: { readonly otherLevels: readonly OtherLevels[] },
): [string, string][] {
  const unread = otherLevels.map(({ column }) => column).filter((column) => coded.includes(column));
  if (codebook !== undefined || unread.length === 0) return [];
  return [['Levels are codes', `in ${unread.join(', ')}: --codebook says which texts they stand for`]];
}

const maxLevels = 5;

/** Predictions one by one, for programs. */
export const predictionItems = ({
  predictions,
  predictedClasses,
}: Predictions): { row: number; prediction: number; predictedClass?: number | string | undefined }[] =>
  predictions.map((prediction, index) => ({
    row: rowNumber(index),
    prediction,
    ...(predictedClasses && { predictedClass: predictedClasses[index] }),
  }));

/** What predictions are worth, in words and numbers. */
export const metricRows = (metrics: readonly ModelMetric[] = []): [string, string][] =>
  metrics.map(({ name, value }) => [metricTitles[name], value.toPrecision(7)]);
