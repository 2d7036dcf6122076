import { z } from 'zod';
import { coupleId, datasetId, modelId, participantId } from './ids.js';
import { deadline } from './deadline.js';
import { aggregation, datasetDeadlines, protection } from './dataset.js';
import { drawChain } from './drawLink.js';
import { decimal, digest, durationMs, stamp } from './primitives.js';

export const mostAttempts = 10_000;

export const requestFields = {
  coupleId,
  datasetId,
  modelId,
  /** Maximum number of started rounds. A started round counts, whatever its outcome. */
  rounds: z.int().min(1).max(mostAttempts),
  /** Attempts beyond the rounds. They replace rounds that the data owner does not start in time. */
  spareAttempts: z.int().min(0).max(mostAttempts),
  /**
   * Anchor of the model owner's draw chain, as long as the attempts (rounds + spare). Its owner has not used it before.
   */
  anchor: digest,
  /** Digest of the homomorphic public key, which its owner has not used before; null exactly for plain models. */
  heKeyDigest: digest.nullable(),
  /** How long the couple may be idle after approval and after each round before anyone may cancel it. */
  idleMs: durationMs,
};

/** The terms that both sides agreed to. Later changes of the market or the dataset do not affect them. */
export const coupleTerms = z.strictObject({
  rounds: requestFields.rounds,
  spareAttempts: requestFields.spareAttempts,
  subsetsPerRound: z.int().min(1).max(40),
  subsets: z.int().min(2),
  replicas: z.int().min(1),
  quorum: z.int().min(1),
  aggregation,
  protection,
  programDigest: digest,
  heKeyDigest: digest.nullable(),
  idleMs: durationMs,
  windowMs: z.int().min(0),
  deadlines: datasetDeadlines,
});
export type CoupleTerms = z.infer<typeof coupleTerms>;

/** Maximum number of unanswered requests of one model owner on one dataset. */
export const maxOpenRequests = 8;

/**
 * A data owner's reason for a refusal. The first five are its own choice. An agent gives the others where approval
 * cannot succeed: the contract would refuse it, or the program that the model pins is missing, unreadable or different
 * from the terms.
 */
export const rejectReason = z.enum([
  'terms',
  'purpose',
  'capacity',
  'reputation',
  'other',
  'datasetWithdrawn',
  'lifetimeExhausted',
  'programUnavailable',
  'programUnusable',
  'programMismatch',
]);
export type RejectReason = z.infer<typeof rejectReason>;

export const metrics = z
  .array(z.strictObject({ name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_.-]{0,39}$/), value: decimal }))
  .max(20)
  .refine((list) => new Set(list.map((entry) => entry.name)).size === list.length, 'names a metric twice');

export const coupleState = z.enum(['requested', 'approved', 'rejected', 'cancelled', 'finished']);

/** The agreement to train one model on one dataset. */
export const trainCouple = z.strictObject({
  coupleId,
  datasetId,
  modelId,
  dataOwnerId: participantId,
  modelOwnerId: participantId,
  state: coupleState,
  terms: coupleTerms,
  /**
   * The request's number among its owner's open requests on the dataset, counted from 0; free again after the answer.
   */
  requestNumber: z
    .int()
    .min(0)
    .max(maxOpenRequests - 1),
  requestedAt: stamp,
  answerDeadline: deadline,
  answeredAt: stamp.nullable(),
  rejectReason: rejectReason.nullable(),
  modelOwnerChain: drawChain,
  /** Null until the couple is approved. */
  dataOwnerChain: drawChain.nullable(),
  /** The last opened attempt; 0 before the first. */
  attempts: z.int().min(0),
  /** Started rounds. They count, whatever their outcome. */
  startedRounds: z.int().min(0),
  /** Subsets that the current order of the draw has not used yet. */
  remainder: z.array(z.int().min(0)),
  endedAt: stamp.nullable(),
  finalModelDigest: digest.nullable(),
  metrics,
  /** Rounds returned to the dataset after the end; null until ReleaseRounds. */
  releasedRounds: z.int().min(0).nullable(),
  releasedAt: stamp.nullable(),
});
export type TrainCouple = z.infer<typeof trainCouple>;
