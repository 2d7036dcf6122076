import { at } from '../numbers.js';
import type { ModelMetric } from './result.js';

/** Mean squared error, its root, mean absolute error, and R²: the share of the targets' variance that is explained. */
export function regressionMetrics(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
): readonly ModelMetric[] {
  const rows = targets.length;
  let mean = 0;
  for (let row = 0; row < rows; row++) mean += at(targets, row) / rows;
  let squares = 0;
  let absolutes = 0;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    const target = at(targets, row);
    const error = at(predictions, row) - target;
    squares += error * error;
    absolutes += Math.abs(error);
    spread += (target - mean) ** 2;
  }
  const mse = squares / rows;
  return [
    { name: 'mse', value: mse },
    { name: 'rmse', value: Math.sqrt(mse) },
    { name: 'mae', value: absolutes / rows },
    { name: 'r2', value: 1 - squares / spread },
  ];
}
