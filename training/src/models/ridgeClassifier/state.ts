import type { z } from 'zod';
import { blockStateSchema } from '../squaredLoss/state.js';
import { ridgeHeadSchema } from './head.js';

/** See {@link blockStateSchema}: a vector for each class. */
export const ridgeStateSchema = blockStateSchema.extend({
  /** Of the program's head. */
  classes: ridgeHeadSchema.shape.classes,
});

/** See {@link ridgeStateSchema}. */
export type RidgeState = z.infer<typeof ridgeStateSchema>;
