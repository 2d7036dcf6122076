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
  /** Most rounds that are started; a started round is used, whatever comes of it. */
  rounds: z.int().min(1).max(mostAttempts),
  /** Attempts beyond the rounds, for rounds that the data owner does not start in time. */
  spareAttempts: z.int().min(0).max(mostAttempts),
  /** Anchor of the model owner's draw chain, as long as the attempts (rounds + spare), never used before by it. */
  anchor: digest,
  /** Digest of the homomorphic public key, never used before by its owner; null exactly for plain models. */
  heKeyDigest: digest.nullable(),
  /** How long the couple may rest after approval and after each round before anyone may cancel it. */
  idleMs: durationMs,
};

/** What both sides agreed to. Later changes of the market or the dataset do not touch it. */
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

/** Most unanswered requests of one model owner on one dataset. */
export const maxOpenRequests = 8;

/**
 * Why a data owner refuses. The first five are its own choice; an agent gives the others where approving cannot succeed:
 * the contract would refuse it, or the program that the model pins cannot be had, cannot be read, or is another one than
 * the terms say.
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
  /** Which of its owner's open requests on the dataset it was made as, counted from 0; free again once answered. */
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
  /** The last attempt that was opened; 0 before the first. */
  attempts: z.int().min(0),
  /** Rounds that were started: used, whatever came of them. */
  startedRounds: z.int().min(0),
  /** What the current order of the draw still owes. */
  remainder: z.array(z.int().min(0)),
  endedAt: stamp.nullable(),
  finalModelDigest: digest.nullable(),
  metrics,
  /** Rounds given back to the dataset after the end; null until ReleaseRounds. */
  releasedRounds: z.int().min(0).nullable(),
  releasedAt: stamp.nullable(),
});
export type TrainCouple = z.infer<typeof trainCouple>;
