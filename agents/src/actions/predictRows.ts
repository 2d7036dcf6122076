import { parseRows, predict } from '@veritrain/training';
import type { TrainedModel } from '../runtime/trainedModel.js';

export interface Predictions {
  /** By row of the table. */
  predictions: number[];
  /** The target, where the table has it. */
  targets?: number[];
  meanSquaredError?: number;
  /** Columns of the table that the model does not know. */
  ignored: string[];
}

/** Predicts every row of a CSV text. Columns are found by name. @throws TrainingError naming row and column */
export function predictRows(model: TrainedModel, csv: string, source: string): Predictions {
  const { columns, target } = model;
  const rows = parseRows(csv, { columns, target, source });
  const predictions = [...predict(rows, model)];
  const ignored = [...rows.ignored];
  if (rows.targets === undefined) return { predictions, ignored };
  const targets = [...rows.targets];
  const squares = predictions.map((prediction, row) => (prediction - (targets[row] ?? 0)) ** 2);
  const meanSquaredError = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return { predictions, targets, meanSquaredError, ignored };
}
