import { z } from 'zod';
import type { Template } from '../../data/template.js';
import { TrainingError } from '../../errors.js';
import { classificationMetrics, meanLogLoss } from '../classificationMetrics.js';
import { labelsOf } from '../classLabels.js';
import type { ModelMetric, ModelParameters } from '../result.js';
import type { ScoresOf } from '../scores.js';
import { schemaFault } from '../../schemaFault.js';
import type { Classes } from './classes.js';
import { logisticHeadSchema } from './head.js';
import { sigmoid } from './softplus.js';

/**
 * A logistic model in the units of the table: log-odds of the second class = Σ weights[j] · column j + intercept, in nats per unit
 * of a column.
 */
const logisticParametersSchema = z.strictObject({
  weights: z.array(z.number()),
  intercept: z.number(),
  /** [the value of the negative class, that of the positive one]. */
  classes: logisticHeadSchema.shape.classes,
});

/** See {@link logisticParametersSchema}. */
export type LogisticParameters = z.infer<typeof logisticParametersSchema>;

/** Weights in standardised units, the intercept last, to a model in input units: w[j]/s[j], intercept b − Σ w[j]·m[j]/s[j]. */
export function toInputUnits(
  standardised: readonly number[],
  classes: Classes,
  template: Template,
): LogisticParameters {
  const { means, scales } = template.statistics;
  const weights = means.map((_, j) => standardised[j]! / (scales[j] ?? 1));
  let intercept = standardised[means.length]!;
  weights.forEach((weight, j) => (intercept -= weight * means[j]!));
  return { weights, intercept, classes };
}

/** Checks a model's numbers as those of a logistic model. @throws TrainingError VT7501 */
export function parseParameters(parameters: ModelParameters): LogisticParameters {
  const parsed = logisticParametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new TrainingError(
    'VT7501',
    'a logistic model has weights, an intercept and classes',
    {},
    schemaFault(parsed.error).cause,
  );
}

/** The one score is the log-odds. */
export const logisticScores: ScoresOf = (parameters) => {
  const { weights, intercept, classes } = parseParameters(parameters);
  return { weights, intercepts: [intercept], decision: { kind: 'logOdds', classes } };
};

/** What predicts the probability of the positive class. @throws TrainingError VT7501 */
export function logisticPredictor(
  parameters: ModelParameters,
  features: number,
): (row: ArrayLike<number>) => number {
  const { weights, intercept } = parseParameters(parameters);
  if (weights.length !== features) {
    const what = `a model of ${weights.length} weights does not fit ${features} features`;
    throw new TrainingError('VT7501', what, { weights: weights.length, features });
  }
  return (row) => {
    let sum = intercept;
    for (let feature = 0; feature < features; feature++) sum += row[feature]! * weights[feature]!;
    return sigmoid(sum);
  };
}

/** Mean log-loss of probabilities, for targets in the table's unit. @throws as {@link logisticMetrics} */
export function logisticLoss(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  parameters: ModelParameters,
): ModelMetric {
  return meanLogLoss(predictions, labelsOf(parseParameters(parameters).classes, targets));
}

/**
 * What probabilities are worth for targets in the table's unit; see `classificationMetrics`.
 * @throws TrainingError VT7014 for a target that is none of the two classes, VT7501
 */
export function logisticMetrics(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  parameters: ModelParameters,
): readonly ModelMetric[] {
  return classificationMetrics(predictions, labelsOf(parseParameters(parameters).classes, targets));
}
