import { z } from 'zod';
import { classValuesSchema } from '../classValues.js';

/** What a program says of a ridge classifier. */
export const ridgeHeadSchema = z.strictObject({
  /** Values of the target in the table, one for each class: 2 to 16, increasing. */
  classes: classValuesSchema(2),
  /** Ridge penalty: loss = mean squared error / 2 + lambda·|W|²/2, of the features and a 1 behind them. */
  lambda: z.number().min(0).max(100),
});

/** See {@link ridgeHeadSchema}. */
export type RidgeHead = z.infer<typeof ridgeHeadSchema>;

/** A head from a few choices. Defaults: classes 0 and 1, lambda 0.00001. */
export function chooseRidgeHead(choices: Readonly<Partial<RidgeHead>>): RidgeHead {
  return { classes: [0, 1], lambda: 1e-5, ...choices };
}
