import { z } from 'zod';

/** Arguments of the workload `tick`. */
export const tickArguments = z.strictObject({
  /** Period of the market's clock meanwhile. Default: as the market was prepared. */
  tickPeriodMs: z.int().min(100).optional(),
});
