import { z } from 'zod';
import { coupleId, datasetId, modelId, participantId } from './ids.js';
import { deadline } from './deadline.js';
import { aggregation } from './batches.js';
import { datasetDeadlines, protection } from './dataset.js';
import { drawChain } from './drawLink.js';
import { decimal, digest, durationMs, stamp } from './primitives.js';

export const maxAttempts = 10_000;

export const requestFields = {
  coupleId,
  datasetId,
  modelId,
  /** Maximum number of started rounds. A started round counts, whatever its outcome. */
  rounds: z.int().min(1).max(maxAttempts),
  /** Attempts beyond the rounds. They replace rounds that the data owner does not start in time. */
  spareAttempts: z.int().min(0).max(maxAttempts),
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
  /** Most rounds that are started. */
  rounds: requestFields.rounds,
  /** Attempts beyond the rounds, for rounds that do not start in time. */
  spareAttempts: requestFields.spareAttempts,
  /** Subsets that each round draws, 1 to 40; with `sum` whole batches, until there are so many. */
  subsetsPerRound: z.int().min(1).max(40),
  /** The dataset's subsets. */
  subsets: z.int().min(2),
  /** The replicas of each subset. */
  replicas: z.int().min(1),
  /** Equal updates of a subset that convict the others. */
  quorum: z.int().min(1),
  aggregation,
  protection,
  /** Digest of the training program. */
  programDigest: digest,
  /** Digest of the homomorphic public key; null for plain models. */
  heKeyDigest: digest.nullable(),
  /** How long the couple may rest before anyone may cancel it, milliseconds. */
  idleMs: durationMs,
  /** Grace of each deadline, milliseconds. */
  windowMs: z.int().min(0),
  /** Deadlines of each round. */
  deadlines: datasetDeadlines,
});
/** What both sides of a couple agreed to. */
export interface CoupleTerms extends z.infer<typeof coupleTerms> {}

/** Maximum number of unanswered requests of one model owner on one dataset. */
export const maxOpenRequests = 8;

/**
 * A data owner's reason for a refusal. The first five are its own choice. An agent gives the others where approval
 * cannot succeed: the contract would refuse it, or the program that the model pins is missing, unreadable or different
 * from the terms; `rareRows`: it would show single rows of this dataset, and the data owner did not accept that.
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
  'rareRows',
]);
/** Why a data owner refuses a request. */
export type RejectReason = z.infer<typeof rejectReason>;

/** How good the final model is, by the model owner's word: at most 20 metrics, each named once. */
export const metrics = z
  .array(
    z.strictObject({
      /** 1 to 40 of a-z, A-Z, 0-9, `_`, `.` and `-`. */
      name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_.-]{0,39}$/),
      /** A decimal number as text. */
      value: decimal,
    }),
  )
  .max(20)
  .refine((list) => new Set(list.map((entry) => entry.name)).size === list.length, 'names a metric twice');

export const coupleState = z.enum(['requested', 'approved', 'rejected', 'cancelled', 'finished']);

/** The agreement to train one model on one dataset. */
export const trainCouple = z.strictObject({
  coupleId,
  datasetId,
  modelId,
  /** The dataset's owner. */
  dataOwnerId: participantId,
  /** The model's owner, who asked. */
  modelOwnerId: participantId,
  /** requested, then approved or rejected, then finished; cancelled by anyone after a deadline. */
  state: coupleState,
  /** What both sides agreed to. */
  terms: coupleTerms,
  /**
   * The request's number among its owner's open requests on the dataset, counted from 0; free again after the answer.
   */
  requestNumber: z
    .int()
    .min(0)
    .max(maxOpenRequests - 1),
  /** When the model owner asked. */
  requestedAt: stamp,
  /** Until when the data owner may answer. */
  answerDeadline: deadline,
  /** When the data owner answered; null until then. */
  answeredAt: stamp.nullable(),
  /** Why the data owner refused; null unless it did. */
  rejectReason: rejectReason.nullable(),
  /** The model owner's draw chain. */
  modelOwnerChain: drawChain,
  /** Null until the couple is approved. */
  dataOwnerChain: drawChain.nullable(),
  /** The last opened attempt; 0 before the first. */
  attempts: z.int().min(0),
  /** Started rounds. They count, whatever their outcome. */
  startedRounds: z.int().min(0),
  /** Subsets that the current order of the draw has not used yet. */
  remainder: z.array(z.int().min(0)),
  /** When the couple was rejected, cancelled or finished; null until then. */
  endedAt: stamp.nullable(),
  /** Digest of the final model; null until the couple is finished. */
  finalModelDigest: digest.nullable(),
  /** The final metrics; empty until the couple is finished. */
  metrics,
  /** Rounds returned to the dataset after the end; null until ReleaseRounds. */
  releasedRounds: z.int().min(0).nullable(),
  /** When the rounds were given back; null until then. */
  releasedAt: stamp.nullable(),
});
/** A couple, as the ledger has it. */
export interface TrainCouple extends z.infer<typeof trainCouple> {}
