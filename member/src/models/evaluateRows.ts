import {
  type CalibrationPoint,
  type ClassFigures,
  classesOf,
  type ConfusionMatrix,
  evaluateClasses,
  evaluateModel,
  evaluateSeveralClasses,
  type ModelMetric,
  type OtherLevels,
  parseRows,
  type TableReading,
  TrainingError,
} from '@veritrain/training';
import type { RowsForm, TrainedModel } from './trainedModel.js';

/** How good a model is on the rows of a table. */
export interface Evaluation {
  /** Rows of the table. */
  readonly rows: number;
  /** The figures, the one that training makes smaller first. */
  readonly metrics: readonly ModelMetric[];
  /** Of a model that tells classes apart; null of one that predicts numbers. */
  readonly classes: ClassEvaluation | null;
  /** Columns of the table that the model does not know. */
  readonly ignored: readonly string[];
  /** Texts that have no feature of their own, and what they counted as. */
  readonly otherLevels: readonly OtherLevels[];
  /** How the table was read. */
  readonly reading: TableReading;
}

/** How a model tells classes apart. */
export interface ClassEvaluation {
  /** The classes as the table writes them; of two, the second is the one whose probability is predicted. */
  readonly names: readonly (number | string)[];
  /** Rows by class, then by the class that was predicted: of two the second at a probability of ½, of more the likeliest. */
  readonly confusion: readonly (readonly number[])[];
  /** By class; null of two classes, of which the metrics say all. */
  readonly byClass: readonly ClassFigures[] | null;
  /** Tenths of the rows by the probability of the second class, of more than two of the likeliest; null of models without. */
  readonly calibration: readonly CalibrationPoint[] | null;
}

/**
 * Measures a model on the rows of a CSV file that has the target. Finds columns by name. What it needs of a Parquet file:
 * `neededBy`.
 * @param form how the file is written; default: recognised, levels as the model names them
 * @throws TrainingError naming row and column; VT7011 without the target, VT7014 for a target that is none of a classifier's classes,
 * VT7018, VT7019
 */
export function evaluateRows(
  model: TrainedModel,
  csv: Uint8Array,
  source: string,
  form: RowsForm = {},
): Evaluation {
  const { columns, recipe, target } = model;
  const { targets, ...rows } = parseRows(csv, { ...form, columns, recipe, target, source });
  if (targets === undefined) {
    const what = `${source} has no column "${target}", the target, so there is nothing to compare predictions with`;
    throw new TrainingError('VT7011', what, { source, column: target });
  }
  const table = { ...rows, targets, target, source, columns: [...columns] };
  return {
    rows: rows.rows,
    metrics: evaluateModel(table, model),
    classes: twoClasses(table, model) ?? severalClasses(table, model) ?? null,
    ignored: rows.ignored,
    otherLevels: rows.otherLevels,
    reading: rows.reading,
  };
}

type Measured = Parameters<typeof evaluateClasses>[0];

function twoClasses(table: Measured, model: TrainedModel): ClassEvaluation | undefined {
  const classes = classesOf(model, [])?.classes;
  const curves = evaluateClasses(table, model);
  if (classes === undefined || curves === undefined) return undefined;
  const { confusion, calibration } = curves;
  return { names: namesOf(model, classes), confusion: matrixOf(confusion), byClass: null, calibration };
}

function severalClasses(table: Measured, model: TrainedModel): ClassEvaluation | undefined {
  const found = evaluateSeveralClasses(table, model);
  if (found === undefined) return undefined;
  const { classes, confusion, figures, calibration } = found;
  return { names: namesOf(model, classes), confusion, byClass: figures, calibration };
}

const namesOf = ({ recipe }: TrainedModel, classes: readonly number[]): (number | string)[] =>
  classes.map((value) => recipe?.classes?.[value] ?? value);

const matrixOf = (of: ConfusionMatrix): number[][] => [
  [of.trueNegatives, of.falsePositives],
  [of.falseNegatives, of.truePositives],
];
