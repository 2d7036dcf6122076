import { limits } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';

/** The shape of every couple of a workload. */
export const shape = z.strictObject({
  /** Parts of the dataset. */
  subsets: z.int().min(2).max(limits.maxSubsets).default(3),
  /** Hosts that hold each part. */
  replicas: z.int().min(1).max(limits.maxReplicas).default(3),
  rounds: z
    .int()
    .min(1)
    .max(limits.maxAttempts - 1)
    .default(10),
});
export type Shape = z.infer<typeof shape>;
