import { z } from 'zod';
import { ContractError } from './errors.js';
import { datasetId, participantId, subsetId } from './ids.js';
import { deadline, leastPeriods } from './deadline.js';
import { checkDurations, type MarketSettings } from './market.js';
import { digest, durationMs, transactionId } from './primitives.js';

export const leastSubsets = 2;
export const mostSubsets = 1000;
export const mostReplicas = 15;
export const mostSubsetsPerRound = 40;

/** `encrypted`: no host ever sees the model. `plain`: hosts see it. */
export const protection = z.enum(['plain', 'encrypted']);
export type Protection = z.infer<typeof protection>;

/** How the model owner receives updates: one for each subset. */
export const aggregation = z.enum(['perSubset']);

/**
 * A dataset's deadlines. `verifyMs` runs from a join, `noticeMs` from a host's notice, `answerMs` from a request,
 * `startMs` from OpenRound. The last five all run from StartRound. They must follow one another by at least 20 tick
 * periods and the market's minimum deadline.
 */
export const datasetDeadlines = z.strictObject({
  verifyMs: durationMs,
  noticeMs: durationMs,
  answerMs: durationMs,
  startMs: durationMs,
  commitMs: durationMs,
  uploadMs: durationMs,
  closeMs: durationMs,
  revealMs: durationMs,
  attestMs: durationMs,
});
export type DatasetDeadlines = z.infer<typeof datasetDeadlines>;

export const requestRules = z.strictObject({
  /** Maximum rounds that one couple may request. */
  mostRounds: z.int().min(1).max(10_000),
  /** Maximum subsets that one round may draw. */
  mostSubsetsPerRound: z.int().min(1).max(mostSubsetsPerRound),
  /** Maximum idle time that a request may ask for. An idle couple keeps its lifetime rounds reserved. */
  mostIdleMs: durationMs,
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
  subsets: z.int().min(leastSubsets).max(mostSubsets),
  /** n, the replicas of each subset. */
  replicas: z.int().min(1).max(mostReplicas),
  /** Rounds that this dataset provides in its whole life, over all couples. */
  lifetimeRounds: z.int().min(1).max(1_000_000),
  aggregation,
  requestRules,
  deadlines: datasetDeadlines,
};

export const dataset = z.strictObject({
  ...datasetFields,
  ownerId: participantId,
  state: z.enum(['offered', 'withdrawn']),
  /** The transaction that registered the dataset. */
  transactionId,
});
export type Dataset = z.infer<typeof dataset>;

/** Rounds of a dataset that couples have reserved. Only the data owner writes this record. */
export const datasetRounds = z.strictObject({ datasetId, reserved: z.int().min(0) });
export type DatasetRounds = z.infer<typeof datasetRounds>;

/** The ascending indexes of the subsets that have a quorum of verified slots without notice. */
export const datasetReadiness = z.strictObject({ datasetId, readySubsets: z.array(z.int().min(0)) });
export type DatasetReadiness = z.infer<typeof datasetReadiness>;

/** A verified slot of a subset. It has a deadline once its host has given notice. */
export const verifiedSlot = z.strictObject({
  slot: z
    .int()
    .min(0)
    .max(mostReplicas - 1),
  generation: z.int().min(1),
  participantId,
  leaving: deadline.nullable(),
});
export type VerifiedSlot = z.infer<typeof verifiedSlot>;

/** One privacy-preserving part of a dataset: its pinned package digest and its verified slots, ascending. */
export const dataSubset = z.strictObject({
  subsetId,
  datasetId,
  subsetIndex: z.int().min(0),
  packageDigest: digest.nullable(),
  verified: z.array(verifiedSlot),
});
export type DataSubset = z.infer<typeof dataSubset>;

/** Refuses deadlines that are too short, too long or too close to one another. */
export function checkDatasetDeadlines(settings: MarketSettings, of: DatasetDeadlines): void {
  checkDurations(settings, { ...of });
  const steps = ['commitMs', 'uploadMs', 'closeMs', 'revealMs', 'attestMs'] as const;
  const min = Math.max(settings.leastDeadlineMs, leastPeriods * settings.tickPeriodMs);
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

/** Default of the term subsetsPerRound: half of the subsets, rounded up, within 40 and the dataset's rules. */
export const defaultSubsetsPerRound = (of: Pick<Dataset, 'subsets' | 'requestRules'>): number =>
  Math.min(Math.ceil(of.subsets / 2), mostSubsetsPerRound, of.requestRules.mostSubsetsPerRound);
