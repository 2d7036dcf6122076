import type { Template } from '../../data/template.js';
import { TrainingError } from '../../errors.js';
import type { LogisticHead } from './head.js';

/** The two values of the target: [the negative class, the positive one]. */
export type Classes = LogisticHead['classes'];

/** A target of two values has the variance that its mean implies; a little more for rounding. */
const TOLERANCE = 1e-6;

/**
 * Share of the positive class in a dataset, by its public statistics.
 * @throws TrainingError VT7014 where they cannot be those of a target with these two values: no other target between them has
 * so large a variance at its mean (Bhatia and Davis 2000)
 */
export function positiveShare(classes: Classes, { target, statistics }: Template): number {
  const [negative, positive] = classes;
  const { targetMean, targetScale } = statistics;
  const share = (targetMean - negative) / (positive - negative);
  const deviation = targetScale / Math.abs(positive - negative);
  const isTwoValued = share > 0 && share < 1 && Math.abs(share * (1 - share) - deviation ** 2) < TOLERANCE;
  if (isTwoValued) return share;
  throw new TrainingError(
    'VT7014',
    `column "${target}" holds other values than ${negative} and ${positive}`,
    {
      column: target,
      negative,
      positive,
    },
  );
}
