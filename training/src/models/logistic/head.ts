import { z } from 'zod';
import { MAX_MAGNITUDE } from '../../data/limits.js';

const targetValue = z.number().min(-MAX_MAGNITUDE).max(MAX_MAGNITUDE);

/** What a program says of a logistic model. */
export const logisticHeadSchema = z.strictObject({
  /** The two values of the target: [the negative class, the positive one]. The model predicts the probability of the second. */
  classes: z.tuple([targetValue, targetValue]).refine(([negative, positive]) => negative !== positive, {
    error: 'the two classes differ',
  }),
  /**
   * Ridge penalty on the weights in standardised units, the intercept left out: loss = mean log-loss + lambda·|w|²/2.
   * Never 0: with it, weights stay bounded on separable tables too, at |w|² ≤ 2·ln 2 / lambda.
   */
  lambda: z.number().min(1e-6).max(100),
  /**
   * Degree in the weights of what hosts reply. 1: second moments alone, which say all there is to know in the first reply
   * of a subset. 2: third moments too, which correct the loss at the model that a round asked about.
   */
  degree: z.union([z.literal(1), z.literal(2)]),
  /** Longest first step, in root mean square of the log-odds; later steps follow what the replies say of the earlier ones. */
  radius: z.number().min(0.1).max(8),
});

/** See {@link logisticHeadSchema}. */
export type LogisticHead = z.infer<typeof logisticHeadSchema>;

/** A head from a few choices. Defaults: classes 0 and 1, a ridge of 0.001, degree 2, a first step of at most 3. */
export function chooseLogisticHead(choices: Readonly<Partial<LogisticHead>>): LogisticHead {
  return { classes: [0, 1], lambda: 1e-3, degree: 2, radius: 3, ...choices };
}
