import { limits } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';

/** The shape of every couple of OAM's flow. */
export const oamShape = z.strictObject({
  /** Name of OAM's contract on the channel. */
  contract: z.string().min(1).default('oam-contract'),
  /** Parts of the dataset. */
  subsets: z.int().min(1).max(limits.maxSubsets).default(1),
  /** Cloud owners that hold each part. */
  replicas: z.int().min(1).max(limits.maxReplicas).default(1),
  rounds: z
    .int()
    .min(1)
    .max(limits.maxAttempts - 1)
    .default(1),
});
export type OamShape = z.infer<typeof oamShape>;
