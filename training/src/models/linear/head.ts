import { z } from 'zod';
import { optimiserSchema } from '../../optimisers/state.js';

/** What a program says of a linear model. */
export const linearHeadSchema = z.strictObject({
  /** Ridge penalty on the weights in standardised units: loss = mean squared error / 2 + lambda·|w|²/2. 0 is least squares. */
  lambda: z.number().min(0).max(100),
  /**
   * Step size of the host's local gradient steps, and of Nesterov. Gradients are differences over it: below the noise
   * of an update, 2^-20, they say nothing, and far below they overflow. Where it is larger than the dataset's public
   * shape allows, hosts take the largest step that does (see `stepSize`).
   */
  learningRate: z.number().min(1e-6).max(2),
  /** Local gradient steps folded into one reply. */
  localSteps: z.number().int().min(1).max(1000),
  /** What the model owner does, in clear, with the replies. */
  optimiser: optimiserSchema,
});

/** See {@link linearHeadSchema}. */
export type LinearHead = z.infer<typeof linearHeadSchema>;

/**
 * A head from a few choices. Defaults: least squares, one local step, incremental quasi-Newton. The learning rate defaults
 * to 1 there, where it only scales the reply (its noise least), and to 0.2 where steps of that size are made.
 */
export function chooseLinearHead(choices: Readonly<Partial<LinearHead>>): LinearHead {
  const { optimiser = { kind: 'quasiNewton', initialCurvature: 1 }, localSteps = 1 } = choices;
  return {
    lambda: 0,
    learningRate: optimiser.kind === 'quasiNewton' && localSteps === 1 ? 1 : 0.2,
    ...choices,
    localSteps,
    optimiser,
  };
}
