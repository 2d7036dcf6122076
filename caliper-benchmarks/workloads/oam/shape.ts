import { mostAttempts, mostReplicas, mostSubsets } from '@veritrain/client-sdk';
import { z } from 'zod';

/** What every couple of OAM's flow is like. */
export const oamShape = z.strictObject({
  /** Name of OAM's contract on the channel. */
  contract: z.string().min(1).default('oam-contract'),
  /** Parts of the dataset. */
  subsets: z.int().min(1).max(mostSubsets).default(1),
  /** Cloud owners that hold each part. */
  replicas: z.int().min(1).max(mostReplicas).default(1),
  rounds: z
    .int()
    .min(1)
    .max(mostAttempts - 1)
    .default(1),
});
export type OamShape = z.infer<typeof oamShape>;
