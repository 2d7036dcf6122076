import { z } from 'zod';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { TrainingError } from '../../errors.js';
import { schemaFault } from '../../schemaFault.js';
import { toInputUnits } from '../logistic/model.js';
import { softplus } from '../logistic/softplus.js';
import type { ModelMetric, ModelParameters } from '../result.js';
import type { ScoresOf } from '../scores.js';
import { classProbabilityMetrics, meanClassLoss, placesOf } from '../severalClasses.js';
import { multiLogisticHeadSchema } from './head.js';

/**
 * A logistic model of several classes in the units of the table: log-odds of class c against the rest =
 * Σ weights[c·columns + j] · column j + intercepts[c], in nats. The probability of a class is what it has by itself, divided by the sum
 * of all classes'.
 */
const multiLogisticParametersSchema = z.strictObject({
  /** Values of the target, one for each class. */
  classes: multiLogisticHeadSchema.shape.classes,
  /** Of each class, one behind the other. */
  weights: z.array(z.number()),
  /** One for each class. */
  intercepts: z.array(z.number()),
});

type MultiLogisticParameters = z.infer<typeof multiLogisticParametersSchema>;

/** The model of weights in standardised units, the intercept last, by class. */
export function toParameters(
  standardised: readonly (readonly number[])[],
  classes: readonly number[],
  template: FamilyTemplate,
): ModelParameters {
  const models = standardised.map((weights) => toInputUnits(weights, [0, 1], template));
  return {
    classes: [...classes],
    weights: models.flatMap(({ weights }) => weights),
    intercepts: models.map(({ intercept }) => intercept),
  };
}

/** @throws TrainingError VT7501 */
export function parseParameters(parameters: ModelParameters): MultiLogisticParameters {
  const parsed = multiLogisticParametersSchema.safeParse(parameters);
  if (parsed.success && parsed.data.intercepts.length === parsed.data.classes.length) return parsed.data;
  const what = 'a logistic model of several classes has classes, weights and intercepts';
  throw new TrainingError('VT7501', what, {}, parsed.error && schemaFault(parsed.error).cause);
}

/** The log-odds of each class against the rest. @throws TrainingError VT7501 */
function logOddsOf(parameters: ModelParameters, features: number): (row: ArrayLike<number>) => number[] {
  const { weights, intercepts } = parseParameters(parameters);
  if (weights.length !== intercepts.length * features) {
    const found = weights.length / intercepts.length;
    const what = `a model of ${found} weights a class does not fit ${features} features`;
    throw new TrainingError('VT7501', what, { weights: weights.length, features });
  }
  return (row) =>
    intercepts.map((intercept, place) => {
      let sum = intercept;
      for (let j = 0; j < features; j++) sum += row[j]! * weights[place * features + j]!;
      return sum;
    });
}

/** A score for each class: its log-odds. */
export const multiLogisticScores: ScoresOf = (parameters) => {
  const { classes, weights, intercepts } = parseParameters(parameters);
  return { weights, intercepts, decision: { kind: 'classLogOdds', classes } };
};

/** What gives a row the probability of each class. @throws TrainingError VT7501 */
export function classProbabilities(
  parameters: ModelParameters,
  features: number,
): (row: ArrayLike<number>) => number[] {
  const logOdds = logOddsOf(parameters, features);
  return (row) => {
    // By logarithms: where all are next to nothing their sum would be 0.
    const logs = logOdds(row).map((z) => -softplus(-z));
    const most = Math.max(...logs);
    const parts = logs.map((log) => Math.exp(log - most));
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => part / sum);
  };
}

/** What predicts the class of a row: the one with the largest log-odds, the first of equal ones. @throws TrainingError VT7501 */
export function multiLogisticPredictor(
  parameters: ModelParameters,
  features: number,
): (row: ArrayLike<number>) => number {
  const logOdds = logOddsOf(parameters, features);
  const { classes } = parseParameters(parameters);
  return (row) => {
    const scores = logOdds(row);
    return classes[scores.indexOf(Math.max(...scores))]!;
  };
}

/** Mean log-loss of the classes' probabilities, row by row. @throws as {@link multiLogisticMetrics} */
export function multiLogisticLoss(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  parameters: ModelParameters,
): ModelMetric {
  const { classes } = parseParameters(parameters);
  return meanClassLoss(probabilities, placesOf(classes, targets), classes.length);
}

/**
 * What the classes' probabilities are worth; see `classProbabilityMetrics`.
 * @throws TrainingError VT7014 for a target that is none of the classes, VT7501
 */
export function multiLogisticMetrics(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  parameters: ModelParameters,
): readonly ModelMetric[] {
  const { classes } = parseParameters(parameters);
  return classProbabilityMetrics(probabilities, placesOf(classes, targets), classes.length);
}
