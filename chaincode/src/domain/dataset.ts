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

/** `encrypted`: the model is never seen by a host; `plain`: it is. */
export const protection = z.enum(['plain', 'encrypted']);
export type Protection = z.infer<typeof protection>;

/** How updates reach the model owner: one for each subset. */
export const aggregation = z.enum(['perSubset']);

/**
 * A dataset's deadlines. `verifyMs` runs from a join, `noticeMs` from a host's notice, `answerMs` from a request,
 * `startMs` from OpenRound. The last five all run from StartRound and must follow one another by at least 20 tick
 * periods and the market's least deadline.
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
  /** Most rounds that one couple may ask for. */
  mostRounds: z.int().min(1).max(10_000),
  /** Most subsets that one round may draw. */
  mostSubsetsPerRound: z.int().min(1).max(mostSubsetsPerRound),
  /** Longest that a request may let the couple rest: meanwhile it holds its lifetime rounds. */
  mostIdleMs: durationMs,
  protections: z
    .array(protection)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'names a protection twice'),
});

export const datasetFields = {
  datasetId,
  /** Digest of the template document: columns, statistics, rows made up from them. */
  templateDigest: digest,
  /** m, the number of subsets. */
  subsets: z.int().min(leastSubsets).max(mostSubsets),
  /** n, the replicas of each subset. */
  replicas: z.int().min(1).max(mostReplicas),
  /** Rounds that this dataset gives in all its life, over all couples. */
  lifetimeRounds: z.int().min(1).max(1_000_000),
  aggregation,
  requestRules,
  deadlines: datasetDeadlines,
};

export const dataset = z.strictObject({
  ...datasetFields,
  ownerId: participantId,
  state: z.enum(['offered', 'withdrawn']),
  /** The transaction that registered it. */
  transactionId,
});
export type Dataset = z.infer<typeof dataset>;

/** Rounds of a dataset that couples hold. Written by the data owner alone. */
export const datasetRounds = z.strictObject({ datasetId, reserved: z.int().min(0) });
export type DatasetRounds = z.infer<typeof datasetRounds>;

/** Which subsets have a quorum of verified slots that stay, as ascending indexes. */
export const datasetReadiness = z.strictObject({ datasetId, readySubsets: z.array(z.int().min(0)) });
export type DatasetReadiness = z.infer<typeof datasetReadiness>;

/** A verified slot of a subset; with a deadline once its host gave notice. */
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

/** Refuses deadlines that are too short or too long, or that follow one another too closely. */
export function checkDatasetDeadlines(settings: MarketSettings, of: DatasetDeadlines): void {
  checkDurations(settings, { ...of });
  const steps = ['commitMs', 'uploadMs', 'closeMs', 'revealMs', 'attestMs'] as const;
  const least = Math.max(settings.leastDeadlineMs, leastPeriods * settings.tickPeriodMs);
  for (const [at, name] of steps.entries()) {
    const before = at === 0 ? undefined : steps[at - 1];
    if (before !== undefined && of[name] - of[before] < least) {
      throw new ContractError('DEADLINE_TOO_SHORT', `${name} follows ${before} too closely.`, {
        field: name,
        leastMs: least,
      });
    }
  }
}

/** Default of the term subsetsPerRound: half of the subsets, rounded up, 40 at most and within the rules. */
export const defaultSubsetsPerRound = (of: Pick<Dataset, 'subsets' | 'requestRules'>): number =>
  Math.min(Math.ceil(of.subsets / 2), mostSubsetsPerRound, of.requestRules.mostSubsetsPerRound);
