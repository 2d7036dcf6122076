import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { classFinder } from '../classValues.js';
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

/** The output of a row is its class. */
export const classOutputs = ({ classes }: RidgeHead, { statistics }: FamilyTemplate): Outputs => ({
  count: classes.length,
  placeOf: classFinder(classes, statistics),
  valueOf: () => 1,
});
