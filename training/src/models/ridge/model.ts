import { z } from 'zod';
import { TrainingError } from '../../errors.js';
import { cut, LARGEST_FEATURE } from '../../maps/featureMap.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { schemaFault } from '../../schemaFault.js';
import type { ModelParameters } from '../result.js';
import type { ScoresOf } from '../scores.js';

/**
 * A ridge regression: prediction = Σ weights[j]·x[j] + intercept, where x[j] is a feature, (column − mean) / scale, cut to ±8. Of
 * mapped features mean and scale are 0 and 1.
 */
const ridgeParametersSchema = z.strictObject({
  /** One for each feature, in units of the target. */
  weights: z.array(z.number()),
  /** In units of the target. */
  intercept: z.number(),
  /** What features are standardised by. */
  means: z.array(z.number()),
  /** What features are standardised by. */
  scales: z.array(z.number().positive()),
});

/** The model of standardised weights, the intercept behind them. */
export function toParameters(
  standardised: readonly number[],
  { features, statistics: { means, scales, targetMean, targetScale } }: FamilyTemplate,
): ModelParameters {
  return {
    weights: standardised.slice(0, features).map((weight) => weight * targetScale),
    intercept: targetMean + standardised[features]! * targetScale,
    means: [...means],
    scales: [...scales],
  };
}

/** @throws TrainingError VT7501 */
function parseParameters(parameters: ModelParameters): z.infer<typeof ridgeParametersSchema> {
  const parsed = ridgeParametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const what = 'a ridge regression has weights, an intercept, means and scales';
  throw new TrainingError('VT7501', what, {}, schemaFault(parsed.error).cause);
}

/** The prediction is the one score. */
export const ridgeScores: ScoresOf = (parameters) => {
  const { weights, intercept, means, scales } = parseParameters(parameters);
  const standardised = { means, scales, largest: LARGEST_FEATURE };
  return { standardised, weights, intercepts: [intercept], decision: { kind: 'number' } };
};

/** @throws TrainingError VT7501 */
export function ridgePredictor(
  parameters: ModelParameters,
  features: number,
): (row: ArrayLike<number>) => number {
  const { weights, intercept, means, scales } = parseParameters(parameters);
  if ([weights, means, scales].some(({ length }) => length !== features)) {
    const what = `a model of ${weights.length} weights does not fit ${features} features`;
    throw new TrainingError('VT7501', what, { weights: weights.length, features });
  }
  return (row) => {
    let sum = intercept;
    for (let j = 0; j < features; j++) sum += weights[j]! * cut((row[j]! - means[j]!) / scales[j]!);
    return sum;
  };
}
