import { z } from 'zod';
import type { Template } from '../../data/template.js';
import { TrainingError } from '../../errors.js';
import { schemaFault } from '../../schemaFault.js';
import type { ModelParameters } from '../result.js';
import type { ScoresOf } from '../scores.js';

/** A linear model in the units of the table: prediction = Σ weights[j] · column j + intercept. */
export const linearParametersSchema = z.strictObject({ weights: z.array(z.number()), intercept: z.number() });

/** See {@link linearParametersSchema}. */
export type LinearParameters = z.infer<typeof linearParametersSchema>;

/** Weights in standardised units to a model in input units: w[j]·s_y/s[j], intercept m_y − Σ w[j]·m[j]. */
export function toInputUnits(standardised: readonly number[], template: Template): LinearParameters {
  const { means, scales, targetMean, targetScale } = template.statistics;
  const weights = standardised.map((weight, j) => (weight * targetScale) / (scales[j] ?? 1));
  let intercept = targetMean;
  weights.forEach((weight, j) => (intercept -= weight * (means[j] ?? 0)));
  return { weights, intercept };
}

/** @throws TrainingError VT7501 */
function parseParameters(parameters: ModelParameters): LinearParameters {
  const parsed = linearParametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new TrainingError(
    'VT7501',
    'a linear model has weights and an intercept',
    {},
    schemaFault(parsed.error).cause,
  );
}

/** The prediction is the one score. */
export const linearScores: ScoresOf = (parameters) => {
  const { weights, intercept } = parseParameters(parameters);
  return { weights, intercepts: [intercept], decision: { kind: 'number' } };
};

/** @throws TrainingError VT7501 */
export function linearPredictor(
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
    return sum;
  };
}
