import { parseRows, predict, type CsvOptions, type TableReading } from '@veritrain/training';
import type { TrainedModel } from './trainedModel.js';

export interface Predictions {
  /** By row of the table. */
  predictions: number[];
  /** The target, where the table has it. */
  targets?: number[];
  meanSquaredError?: number;
  /** Columns of the table that the model does not know. */
  ignored: string[];
  /** How the table was read. */
  reading: TableReading;
}

/**
 * Predicts every row of a CSV file. Columns are found by name.
 * @param written how the file is written, where that is not to be recognised
 * @throws TrainingError naming row and column
 */
export function predictRows(
  model: TrainedModel,
  csv: Uint8Array,
  source: string,
  written: CsvOptions = {},
): Predictions {
  const { columns, target } = model;
  const rows = parseRows(csv, { ...written, columns, target, source });
  const { reading } = rows;
  const predictions = [...predict(rows, model)];
  const ignored = [...rows.ignored];
  if (rows.targets === undefined) return { predictions, ignored, reading };
  const targets = [...rows.targets];
  const squares = predictions.map((prediction, row) => (prediction - (targets[row] ?? 0)) ** 2);
  const meanSquaredError = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return { predictions, targets, meanSquaredError, ignored, reading };
}
