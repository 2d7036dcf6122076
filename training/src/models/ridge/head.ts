import { z } from 'zod';

/** What a program says of ridge regression. */
export const ridgeHeadSchema = z.strictObject({
  /** Ridge penalty: loss = mean squared error / 2 + lambda·|w|²/2, of standardised features and a 1 behind them, 0 to 100. */
  lambda: z.number().min(0).max(100),
});

/** See {@link ridgeHeadSchema}. */
export type RidgeHead = z.infer<typeof ridgeHeadSchema>;

/** A head from a few choices. Default: lambda 0.001. */
export function chooseRidgeHead(choices: Readonly<Partial<RidgeHead>>): RidgeHead {
  return { lambda: 0.001, ...choices };
}
