import type { Table } from '../data/table.js';
import { familyOf } from './registry.js';
import type { TrainedResult } from './result.js';

/** A figure of a model on some rows. */
export interface ModelMetric {
  /** `mse`: mean squared error, in the square of the target's unit; `rmse`, `mae` in its unit; `r2` without one. */
  readonly name: 'mse' | 'rmse' | 'mae' | 'r2';
  readonly value: number;
}

/**
 * Predictions, one per row, in the target's unit.
 * @throws TrainingError VT7301 for a family that is not there, VT7501 where the table's width is another
 */
export function predict(
  table: Pick<Table, 'values' | 'rows' | 'features'>,
  { family, parameters }: Pick<TrainedResult, 'family' | 'parameters'>,
): Float64Array {
  const model = familyOf(family);
  const { features } = table;
  return Float64Array.from({ length: table.rows }, (_, row) =>
    model.predict(parameters, table.values.subarray(row * features, (row + 1) * features)),
  );
}

/** How well a model predicts the rows of a table. @throws as {@link predict} */
export function evaluateModel(
  table: Table,
  model: Pick<TrainedResult, 'family' | 'parameters'>,
): readonly ModelMetric[] {
  let squares = 0;
  let absolutes = 0;
  let mean = 0;
  for (const target of table.targets) mean += target / table.rows;
  let spread = 0;
  predict(table, model).forEach((prediction, row) => {
    const target = table.targets[row] ?? 0;
    squares += (prediction - target) ** 2;
    absolutes += Math.abs(prediction - target);
    spread += (target - mean) ** 2;
  });
  const mse = squares / table.rows;
  return [
    { name: 'mse', value: mse },
    { name: 'rmse', value: Math.sqrt(mse) },
    { name: 'mae', value: absolutes / table.rows },
    { name: 'r2', value: 1 - squares / spread },
  ];
}
