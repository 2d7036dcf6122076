import type { FamilyTemplate } from '../../maps/mappedRows.js';
import type { SquaredLoss } from '../squaredLoss/gradient.js';
import type { Outputs } from '../squaredLoss/moments.js';
import type { RidgeHead } from './head.js';

/** One output for each class: 1 in its rows, 0 in others. */
export const classLoss = ({ classes, lambda }: RidgeHead): SquaredLoss => ({
  outputs: classes.length,
  vectors: classes.length,
  largestOutput: 1,
  lambda,
});

/** The class of a standardised target is the one whose value, standardised in the same way, it equals. */
export function classOutputs(
  { classes }: RidgeHead,
  { statistics: { targetMean, targetScale } }: FamilyTemplate,
): Outputs {
  const places = new Map(classes.map((value, index) => [(value - targetMean) / targetScale, index]));
  return { count: classes.length, placeOf: (target) => places.get(target) ?? -1, valueOf: () => 1 };
}
