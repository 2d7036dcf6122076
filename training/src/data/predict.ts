import { TrainingError } from '../errors.js';
import type { Table } from './table.js';
import type { Template } from './template.js';

/** A linear model in the units of the table: prediction = Σ weights[j] · column j + intercept. */
export interface LinearModel {
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** Predictions, one per row, in the target's unit. @throws TrainingError VT7501 */
export function predict(
  table: Pick<Table, 'values' | 'rows' | 'features'>,
  model: LinearModel,
): Float64Array {
  checkWidth(table.features, model);
  return Float64Array.from({ length: table.rows }, (_, row) => {
    let sum = model.intercept;
    for (let feature = 0; feature < table.features; feature++) {
      sum += (table.values[row * table.features + feature] ?? 0) * (model.weights[feature] ?? 0);
    }
    return sum;
  });
}

/** Mean squared error over all rows, in the square of the target's unit. @throws TrainingError VT7501 */
export function mse(table: Table, model: LinearModel): number {
  let sum = 0;
  predict(table, model).forEach((prediction, row) => {
    const error = prediction - (table.targets[row] ?? 0);
    sum += error * error;
  });
  return sum / table.rows;
}

/** Weights in standardised units to a model in input units: w[j]·s_y/s[j], intercept m_y − Σ w[j]·m[j]. */
export function toInputUnits(standardised: readonly number[], template: Template): LinearModel {
  const { means, scales, targetMean, targetScale } = template.statistics;
  const weights = standardised.map((weight, j) => (weight * targetScale) / (scales[j] ?? 1));
  let intercept = targetMean;
  weights.forEach((weight, j) => (intercept -= weight * (means[j] ?? 0)));
  return { weights, intercept };
}

/**
 * Bits in which two models of one dataset agree: −log2 of the largest difference of a weight over the largest
 * weight, in standardised units; 53 (a double's) for equal models.
 * @throws TrainingError VT7501
 */
export function agreementBits(a: LinearModel, b: LinearModel, template: Template): number {
  checkWidth(template.features, a);
  checkWidth(template.features, b);
  const { scales, targetScale } = template.statistics;
  let largest = 0;
  let apart = 0;
  scales.forEach((scale, j) => {
    const [x, y] = [a.weights[j] ?? 0, b.weights[j] ?? 0];
    largest = Math.max(largest, (Math.abs(x) * scale) / targetScale, (Math.abs(y) * scale) / targetScale);
    apart = Math.max(apart, (Math.abs(x - y) * scale) / targetScale);
  });
  return apart === 0 ? 53 : Math.max(0, Math.min(53, Math.log2(largest / apart)));
}

function checkWidth(features: number, model: LinearModel): void {
  if (model.weights.length === features) return;
  const what = `a model of ${model.weights.length} weights does not fit ${features} features`;
  throw new TrainingError('VT7501', what, { weights: model.weights.length, features });
}
