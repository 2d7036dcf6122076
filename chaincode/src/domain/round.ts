import { z } from 'zod';
import { coupleId, instanceId, participantId, subsetId } from './ids.js';
import { deadline, type Deadline } from './deadline.js';
import { compactJwe, digest, durationMs, nonce, stamp, vaultHandle } from './primitives.js';

export const attempt = z.int().min(1).max(99_999);
export const subsetIndex = z.int().min(0).max(999);

/** The five deadlines of a started round. All count from one sequence. */
export const roundDeadlines = z.strictObject({
  sequence: z.int().min(0),
  windowMs: z.int().min(0),
  commitMs: durationMs,
  uploadMs: durationMs,
  closeMs: durationMs,
  revealMs: durationMs,
  attestMs: durationMs,
});
export type RoundDeadlines = z.infer<typeof roundDeadlines>;

export const roundPhases = ['commit', 'upload', 'close', 'reveal', 'attest'] as const;
export type RoundPhase = (typeof roundPhases)[number];

export const roundDeadline = (of: RoundDeadlines, phase: RoundPhase): Deadline => ({
  sequence: of.sequence,
  durationMs: of[`${phase}Ms`],
  windowMs: of.windowMs,
});

/** A slot as the round's record binds it. Its host may answer even after it has lost or left the slot. */
export const drawnSlot = z.strictObject({
  instanceId,
  slot: z.int().min(0),
  generation: z.int().min(1),
  participantId,
});
export type DrawnSlot = z.infer<typeof drawnSlot>;

export const drawnSubset = z.strictObject({
  subsetId,
  subsetIndex,
  packageDigest: digest.nullable(),
  slots: z.array(drawnSlot),
});
export type DrawnSubset = z.infer<typeof drawnSubset>;

/** opened: waits for the data owner's link; started: hosts train; expired: the data owner never started it. */
export const roundState = z.enum(['opened', 'started', 'expired']);

/** One training pass. Its attempt number is never reused. */
export const round = z.strictObject({
  coupleId,
  attempt,
  state: roundState,
  /** Digest of the exact model bytes that hosts receive. */
  modelDigest: digest,
  /** The vault handle of those bytes. */
  modelHandle: vaultHandle,
  /** This attempt's link of the model owner's draw chain. */
  modelOwnerLink: digest,
  openedAt: stamp,
  startDeadline: deadline,
  /** This attempt's link of the data owner's draw chain, which starts the round. */
  dataOwnerLink: digest.nullable(),
  seed: digest.nullable(),
  drawn: z.array(drawnSubset),
  startedAt: stamp.nullable(),
  deadlines: roundDeadlines.nullable(),
  expiredAt: stamp.nullable(),
});
export type Round = z.infer<typeof round>;

/** committed: the host has promised an update; unavailable: the host could not get the model. Neither ever changes. */
export const jobState = z.enum(['committed', 'unavailable']);

/** One cloud instance's answer in one round. */
export const trainJob = z.strictObject({
  jobId: z.string(),
  coupleId,
  attempt,
  subsetIndex,
  ...drawnSlot.shape,
  state: jobState,
  nonce: nonce.nullable(),
  commitment: digest.nullable(),
  /** Handle and content key of the update, sealed to the model owner. */
  sealed: compactJwe.nullable(),
  answeredAt: stamp,
});
export type TrainJob = z.infer<typeof trainJob>;

/** A host's statement in a contested subset: a digest that opens its own commitment. */
export const reveal = z.strictObject({
  coupleId,
  attempt,
  subsetIndex,
  ...drawnSlot.shape,
  digest,
  revealedAt: stamp,
});
export type Reveal = z.infer<typeof reveal>;
