import { z } from 'zod';
import { classValuesSchema } from '../classValues.js';
import { logisticHeadSchema } from '../logistic/head.js';

/** What a program says of a logistic model of several classes, one against the rest. */
export const multiLogisticHeadSchema = z.strictObject({
  /** Values of the target in the table, one for each class: 3 to 16, increasing. */
  classes: classValuesSchema(3),
  /** Ridge penalty on the weights of each class, as in a logistic model of two. */
  lambda: logisticHeadSchema.shape.lambda,
  /** Degree in the weights of what hosts reply, as in a logistic model of two. */
  degree: logisticHeadSchema.shape.degree,
  /** Longest first step of each class, in root mean square of the log-odds. */
  radius: logisticHeadSchema.shape.radius,
});

/** See {@link multiLogisticHeadSchema}. */
export type MultiLogisticHead = z.infer<typeof multiLogisticHeadSchema>;

/** A head from a few choices. Defaults: classes 0, 1 and 2; the rest as for two classes. */
export function chooseMultiLogisticHead(choices: Readonly<Partial<MultiLogisticHead>>): MultiLogisticHead {
  return { classes: [0, 1, 2], lambda: 1e-3, degree: 2, radius: 3, ...choices };
}
