import { z } from 'zod';

/** Arguments of the workload `tick`. */
export const tickArguments = z.strictObject({
  /** Period of the market's clock during the round. Default: the prepared market's. */
  tickPeriodMs: z.int().min(100).optional(),
});
