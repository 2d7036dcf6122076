import { z } from 'zod';
import { coupleId, instanceId, participantId, subsetId } from './ids.js';
import { deadline, type Deadline } from './deadline.js';
import { compactJwe, digest, durationMs, nonce, stamp, vaultHandle } from './primitives.js';

/** An attempt of a couple, counted from 1. */
export const attempt = z.int().min(1).max(99_999);
/** A subset of the dataset, counted from 0. */
export const subsetIndex = z.int().min(0).max(999);

/** The five deadlines of a started round. All count from one sequence. */
export const roundDeadlines = z.strictObject({
  /** Ticks of the clock when the round started. */
  sequence: z.int().min(0),
  /** Grace of each deadline, milliseconds. */
  windowMs: z.int().min(0),
  /** To commit or to report, milliseconds. */
  commitMs: durationMs,
  /** To upload, milliseconds. */
  uploadMs: durationMs,
  /** To close, milliseconds. */
  closeMs: durationMs,
  /** To reveal, milliseconds. */
  revealMs: durationMs,
  /** After which anyone may tally, milliseconds. */
  attestMs: durationMs,
});
/** The five deadlines of a started round. */
export interface RoundDeadlines extends z.infer<typeof roundDeadlines> {}

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
  /** Which replica of the subset, counted from 0. */
  slot: z.int().min(0),
  /** Which host of the slot this is, counted from 1. */
  generation: z.int().min(1),
  /** The host. */
  participantId,
});
/** A slot of a drawn subset, as the round binds it. */
export interface DrawnSlot extends z.infer<typeof drawnSlot> {}

export const drawnSubset = z.strictObject({
  subsetId,
  subsetIndex,
  /** Digest of the pinned package. */
  packageDigest: digest.nullable(),
  /** Its verified slots, ascending. */
  slots: z.array(drawnSlot),
});
/** A subset that a round drew. */
export interface DrawnSubset extends z.infer<typeof drawnSubset> {}

/** opened: waits for the data owner's link; started: hosts train; expired: the data owner never started it. */
export const roundState = z.enum(['opened', 'started', 'expired']);

/** One training pass. Its attempt number is never reused. */
export const round = z.strictObject({
  coupleId,
  attempt,
  /** opened: waits for the data owner; started: hosts train; expired: never started. */
  state: roundState,
  /** Digest of the exact model bytes that hosts receive. */
  modelDigest: digest,
  /** The vault handle of those bytes. */
  modelHandle: vaultHandle,
  /** This attempt's link of the model owner's draw chain. */
  modelOwnerLink: digest,
  /** When the model owner opened it. */
  openedAt: stamp,
  /** Until when the data owner may start it. */
  startDeadline: deadline,
  /** This attempt's link of the data owner's draw chain, which starts the round. */
  dataOwnerLink: digest.nullable(),
  /** What the draw follows from; null until it starts. */
  seed: digest.nullable(),
  /** The drawn subsets, in the order of the draw; empty until it starts. */
  drawn: z.array(drawnSubset),
  /** When the data owner started it; null until then. */
  startedAt: stamp.nullable(),
  /** Null until it starts. */
  deadlines: roundDeadlines.nullable(),
  /** When it was expired; null unless it was. */
  expiredAt: stamp.nullable(),
});
/** An attempt of a couple, as the ledger has it. */
export interface Round extends z.infer<typeof round> {}

/** committed: the host has promised an update; unavailable: the host could not get the model. Neither ever changes. */
export const jobState = z.enum(['committed', 'unavailable']);

/** One cloud instance's answer in one round. */
export const trainJob = z.strictObject({
  /** `tj_<couple>_<attempt>_<subset index>_<slot>` */
  jobId: z.string(),
  coupleId,
  attempt,
  subsetIndex,
  ...drawnSlot.shape,
  /** committed: an update is promised; unavailable: the host could not have the model. */
  state: jobState,
  /** The nonce of the commitment; null where the host reported. */
  nonce: nonce.nullable(),
  /** The commitment to the update; null where the host reported. */
  commitment: digest.nullable(),
  /** Handle and content key of the update, sealed to the model owner. */
  sealed: compactJwe.nullable(),
  /** When the host committed or reported. */
  answeredAt: stamp,
});
/** A host's answer in a round, as the ledger has it. */
export interface TrainJob extends z.infer<typeof trainJob> {}

/** A host's statement in a contested subset: a digest that opens its own commitment. */
export const reveal = z.strictObject({
  coupleId,
  attempt,
  subsetIndex,
  ...drawnSlot.shape,
  /** The digest of the update, which opens the commitment of the host. */
  digest,
  /** When the host revealed it. */
  revealedAt: stamp,
});
/** A host's digest in a contested subset, as the ledger has it. */
export interface Reveal extends z.infer<typeof reveal> {}
