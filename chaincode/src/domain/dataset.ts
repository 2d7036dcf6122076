import { z } from 'zod';
import { aggregation, minBatchSize, mostDrawn, type Batched } from './batches.js';
import { ContractError } from './errors.js';
import { datasetId, participantId, subsetId } from './ids.js';
import { deadline, minPeriods } from './deadline.js';
import { checkDurations, type MarketSettings } from './market.js';
import { digest, durationMs, transactionId } from './primitives.js';

export const minSubsets = 2;
export const maxSubsets = 1000;
export const maxReplicas = 15;
export const maxSubsetsPerRound = 40;

/** `encrypted`: no host ever sees the model. `plain`: hosts see it. */
export const protection = z.enum(['plain', 'encrypted']);
/** Whether hosts see a model. */
export type Protection = z.infer<typeof protection>;

/**
 * A dataset's deadlines, in milliseconds. `verifyMs` runs from a join, `noticeMs` from a host's notice, `answerMs` from a request,
 * `startMs` from OpenRound. The last five all run from StartRound. They must follow one another by at least 20 tick
 * periods and the market's minimum deadline.
 */
export const datasetDeadlines = z.strictObject({
  /** To verify a slot, from its join. */
  verifyMs: durationMs,
  /** A host's notice, from its leave. */
  noticeMs: durationMs,
  /** To answer a request, from the request. */
  answerMs: durationMs,
  /** To start a round, from its opening. */
  startMs: durationMs,
  /** To commit or report, from the start of the round. */
  commitMs: durationMs,
  /** To upload, from the start of the round. */
  uploadMs: durationMs,
  /** To close, from the start of the round. */
  closeMs: durationMs,
  /** To reveal, from the start of the round. */
  revealMs: durationMs,
  /** After which anyone may tally, from the start of the round. */
  attestMs: durationMs,
});
/** A dataset's deadlines, in milliseconds. */
export interface DatasetDeadlines extends z.infer<typeof datasetDeadlines> {}

/** What requests a dataset takes. */
export const requestRules = z.strictObject({
  /** Maximum rounds that one couple may request. */
  mostRounds: z.int().min(1).max(10_000),
  /** Maximum subsets that one round may draw, whole batches included. */
  mostSubsetsPerRound: z.int().min(1).max(maxSubsetsPerRound),
  /** Maximum idle time that a request may ask for. An idle couple keeps its lifetime rounds reserved. */
  mostIdleMs: durationMs,
  /** How models may be protected that train on it. */
  protections: z
    .array(protection)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'names a protection twice'),
});

export const datasetFields = {
  datasetId,
  /** Digest of the template document: columns, statistics and invented rows. */
  templateDigest: digest,
  /** m, the number of subsets. */
  subsets: z.int().min(minSubsets).max(maxSubsets),
  /** n, the replicas of each subset. */
  replicas: z.int().min(1).max(maxReplicas),
  /** Rounds that this dataset provides in its whole life, over all couples. */
  lifetimeRounds: z.int().min(1).max(1_000_000),
  /** What the model owner gets of the updates: each, or only the sums of batches. It holds for all couples. */
  aggregation,
  /** What requests it takes. */
  requestRules,
  /** Its deadlines, milliseconds. */
  deadlines: datasetDeadlines,
};

export const dataset = z.strictObject({
  ...datasetFields,
  /** The data owner. */
  ownerId: participantId,
  /** offered, or withdrawn for good. */
  state: z.enum(['offered', 'withdrawn']),
  /** The transaction that registered the dataset. */
  transactionId,
});
/** A dataset, as the ledger has it. */
export interface Dataset extends z.infer<typeof dataset> {}

/** Rounds of a dataset that couples have reserved. Only the data owner writes this record. */
export const datasetRounds = z.strictObject({
  datasetId,
  /** Lifetime rounds that couples hold. */
  reserved: z.int().min(0),
});
/** The rounds of a dataset that couples hold. */
export interface DatasetRounds extends z.infer<typeof datasetRounds> {}

/** The ascending indexes of the subsets that have a quorum of verified slots without notice. */
export const datasetReadiness = z.strictObject({
  datasetId,
  /** Indexes of subsets, ascending. */
  readySubsets: z.array(z.int().min(0)),
});
/** The subsets of a dataset that are ready. */
export interface DatasetReadiness extends z.infer<typeof datasetReadiness> {}

/** A verified slot of a subset. It has a deadline once its host has given notice. */
export const verifiedSlot = z.strictObject({
  /** Which replica of the subset, counted from 0. */
  slot: z
    .int()
    .min(0)
    .max(maxReplicas - 1),
  /** Which host of the slot this is, counted from 1. */
  generation: z.int().min(1),
  /** The host. */
  participantId,
  /** The end of its notice; null unless it gave one. */
  leaving: deadline.nullable(),
});
/** A verified slot, as its subset names it. */
export interface VerifiedSlot extends z.infer<typeof verifiedSlot> {}

/** One privacy-preserving part of a dataset: its pinned package digest and its verified slots, ascending. */
export const dataSubset = z.strictObject({
  subsetId,
  datasetId,
  subsetIndex: z.int().min(0),
  /** Digest of the pinned package; null until a quorum opened one. */
  packageDigest: digest.nullable(),
  /** Its verified slots, ascending. */
  verified: z.array(verifiedSlot),
});
/** A subset of a dataset, as the ledger has it. */
export interface DataSubset extends z.infer<typeof dataSubset> {}

/** Refuses deadlines that are too short, too long or too close to one another. */
export function checkDatasetDeadlines(settings: MarketSettings, of: DatasetDeadlines): void {
  checkDurations(settings, { ...of });
  const steps = ['commitMs', 'uploadMs', 'closeMs', 'revealMs', 'attestMs'] as const;
  const min = Math.max(settings.leastDeadlineMs, minPeriods * settings.tickPeriodMs);
  for (const [at, name] of steps.entries()) {
    const before = at === 0 ? undefined : steps[at - 1];
    if (before !== undefined && of[name] - of[before] < min) {
      throw new ContractError('DEADLINE_TOO_SHORT', `${name} follows ${before} too closely.`, {
        field: name,
        leastMs: min,
      });
    }
  }
}

/**
 * Default of the term subsetsPerRound: half of the subsets, rounded up, within 40 and the dataset's rules. With `sum` it
 * is the most of that which whole batches stay within.
 */
export function defaultSubsetsPerRound(of: Batched & Pick<Dataset, 'requestRules'>): number {
  const most = Math.min(maxSubsetsPerRound, of.requestRules.mostSubsetsPerRound);
  const half = Math.min(Math.ceil(of.subsets / 2), most);
  if (of.aggregation !== 'sum') return half;
  let count = half;
  while (count > minBatchSize && mostDrawn(of, count) > most) count -= 1;
  return count;
}
