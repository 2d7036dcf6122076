import { subsetsPerClose, subsetsPerVerification } from '@veritrain/client-sdk/protocol';
import { limits } from '@veritrain/client-sdk/schemas';
import type { Shape } from './shape.js';

/** The number of transactions of a couple's story: before its rounds, in each round, and at the end. */
export function stepsOf({ subsets, replicas, rounds }: Shape): number {
  const drawn = Math.min(Math.ceil(subsets / 2), limits.maxSubsetsPerRound);
  const offer = 1 + subsets * replicas + Math.ceil(subsets / subsetsPerVerification(replicas));
  const agreement = 3;
  const round =
    2 +
    drawn * replicas +
    Math.ceil(drawn / subsetsPerClose({ subsets, replicas, aggregation: 'perSubset' }));
  const end = 2;
  return offer + agreement + rounds * round + end;
}
