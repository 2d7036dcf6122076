import type { FamilyTemplate } from '../maps/mappedRows.js';
import type { ModelMetric } from './result.js';

/** Mean squared error, in the square of the target's unit. */
export function meanSquaredError(predictions: ArrayLike<number>, targets: ArrayLike<number>): ModelMetric {
  return { name: 'mse', value: squaredErrors(predictions, targets) / targets.length };
}

/** Mean squared error, its root, mean absolute error, and R²: the share of the targets' variance that is explained; left out where they do not vary. */
export function regressionMetrics(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
): readonly ModelMetric[] {
  const rows = targets.length;
  let mean = 0;
  for (let row = 0; row < rows; row++) mean += targets[row]! / rows;
  const squares = squaredErrors(predictions, targets);
  let absolutes = 0;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    const target = targets[row]!;
    absolutes += Math.abs(predictions[row]! - target);
    spread += (target - mean) ** 2;
  }
  const mse = squares / rows;
  return [
    { name: 'mse', value: mse },
    { name: 'rmse', value: Math.sqrt(mse) },
    { name: 'mae', value: absolutes / rows },
    ...(spread === 0 ? [] : [{ name: 'r2', value: 1 - squares / spread } as const]),
  ];
}

/**
 * Mean squared error and R² by what a model gains over the mean of the target, whose mean squared error is public: the square of its
 * scale. Noise may make an error of next to nothing negative; it is taken for 0.
 * @param gain of half the mean squared error, in standardised units: 0 or less of a model that is better than the mean
 */
export function errorsFromGain(gain: number, { statistics }: FamilyTemplate): readonly ModelMetric[] {
  const unexplained = Math.max(0, 1 + 2 * gain);
  return [
    { name: 'mse', value: unexplained * statistics.targetScale ** 2 },
    { name: 'r2', value: 1 - unexplained },
  ];
}

function squaredErrors(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < targets.length; row++) {
    const error = predictions[row]! - targets[row]!;
    sum += error * error;
  }
  return sum;
}
