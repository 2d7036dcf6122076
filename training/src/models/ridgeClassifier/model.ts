import { z } from 'zod';
import { MAX_CLASSES } from '../../data/limits.js';
import { TrainingError } from '../../errors.js';
import { cut, LARGEST_FEATURE } from '../../maps/featureMap.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';
import type { ModelMetric, ModelParameters } from '../result.js';
import type { ScoresOf } from '../scores.js';

/**
 * A ridge classifier: the class of a row is the one with the largest score, weights[c]·x + intercepts[c], where x is its features,
 * (column − mean) / scale, cut to ±8. Of mapped features mean and scale are 0 and 1.
 */
const ridgeParametersSchema = z.strictObject({
  /** Values of the target, one for each class. */
  classes: z.array(z.number()).min(2).max(MAX_CLASSES),
  /** Of each class, one behind the other. */
  weights: z.array(z.number()),
  /** One for each class. */
  intercepts: z.array(z.number()),
  /** What features are standardised by. */
  means: z.array(z.number()),
  /** What features are standardised by. */
  scales: z.array(z.number().positive()),
});

/** The model of standardised weights, intercepts behind them. */
export function toParameters(
  weights: readonly number[],
  classes: readonly number[],
  { features, statistics: { means, scales } }: FamilyTemplate,
): ModelParameters {
  const width = features + 1;
  return {
    classes: [...classes],
    weights: weights.filter((_, place) => place % width < features),
    intercepts: weights.filter((_, place) => place % width === features),
    means: [...means],
    scales: [...scales],
  };
}

/** @throws TrainingError VT7501 */
export function parseParameters(parameters: ModelParameters): z.infer<typeof ridgeParametersSchema> {
  const parsed = ridgeParametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw new TrainingError(
    'VT7501',
    'a ridge classifier has classes, weights and intercepts',
    {},
    parsed.error,
  );
}

/** A score for each class. */
export const ridgeScores: ScoresOf = (parameters) => {
  const { classes, weights, intercepts, means, scales } = parseParameters(parameters);
  const standardised = { means, scales, largest: LARGEST_FEATURE };
  return { standardised, weights, intercepts, decision: { kind: 'largest', classes } };
};

/** The class of a row. @throws TrainingError VT7501 */
export function ridgePredictor(
  parameters: ModelParameters,
  features: number,
): (row: ArrayLike<number>) => number {
  const { classes, weights, intercepts, means, scales } = parseParameters(parameters);
  const fits =
    [means, scales].every(({ length }) => length === features) &&
    intercepts.length === classes.length &&
    weights.length === classes.length * features;
  if (!fits) {
    const what = `a model of ${means.length} features does not fit ${features}`;
    throw new TrainingError('VT7501', what, { weights: weights.length, features });
  }
  const row = new Float64Array(features);
  return (columns) => {
    for (let j = 0; j < features; j++) row[j] = cut((columns[j]! - means[j]!) / scales[j]!);
    let best = 0;
    let most = -Infinity;
    for (let place = 0; place < classes.length; place++) {
      let score = intercepts[place]!;
      for (let j = 0, start = place * features; j < features; j++) score += row[j]! * weights[start + j]!;
      if (score > most) [best, most] = [place, score];
    }
    return classes[best]!;
  };
}

/** The share of rows whose class is another. */
export function errorRate(predictions: ArrayLike<number>, targets: ArrayLike<number>): ModelMetric {
  let wrong = 0;
  for (let row = 0; row < targets.length; row++) if (predictions[row] !== targets[row]) wrong += 1;
  return { name: 'errorRate', value: wrong / targets.length };
}

/** The share of rows whose class is another, and the share of the others. */
export function classMetrics(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
): readonly ModelMetric[] {
  const wrong = errorRate(predictions, targets);
  return [wrong, { name: 'accuracy', value: 1 - wrong.value }];
}
