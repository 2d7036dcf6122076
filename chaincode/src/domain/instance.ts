import { z } from 'zod';
import { datasetId, instanceId, participantId } from './ids.js';
import { deadline } from './deadline.js';
import { digest, nonce, stamp } from './primitives.js';
import { companyTag } from './roles.js';

/**
 * open: nobody holds it; joined: a host has committed to a package; verified: the commitment opened with the pinned
 * digest; mismatched: it did not open, and nobody is blamed; leaving: the host has given notice; left: the host is
 * gone.
 */
export const instanceState = z.enum(['open', 'joined', 'verified', 'mismatched', 'leaving', 'left']);
/** The states of a slot. */
export type InstanceState = z.infer<typeof instanceState>;

/** One replica slot of one subset. A slot without a record is open, generation 1. */
export const cloudInstance = z.strictObject({
  instanceId,
  datasetId,
  subsetIndex: z.int().min(0),
  /** Which replica of the subset, counted from 0. */
  slot: z.int().min(0),
  /** Which host of the slot this is, counted from 1. */
  generation: z.int().min(1),
  /** open, joined, verified, mismatched, leaving or left. */
  state: instanceState,
  /** The host; null while the slot is open. */
  participantId: participantId.nullable(),
  /** The nonce of the commitment; null while the slot is open. */
  nonce: nonce.nullable(),
  /** The commitment to the package; null while the slot is open. */
  commitment: digest.nullable(),
  /** Whose host it is, by its certificate, hashed with the dataset; null where the market does not ask. */
  companyTag: companyTag.nullable(),
  /** When the host joined; null while the slot is open. */
  joinedAt: stamp.nullable(),
  /** Until when the data owner may verify it; null unless joined. */
  verifyDeadline: deadline.nullable(),
  /** The end of the notice; null unless the host gave one. */
  leaveDeadline: deadline.nullable(),
});
/** A slot of a subset, as the ledger has it. */
export interface CloudInstance extends z.infer<typeof cloudInstance> {}

export const openInstance = (
  at: Pick<CloudInstance, 'instanceId' | 'datasetId' | 'subsetIndex' | 'slot'>,
  generation: number,
): CloudInstance => ({
  ...at,
  generation,
  state: 'open',
  participantId: null,
  nonce: null,
  commitment: null,
  companyTag: null,
  joinedAt: null,
  verifyDeadline: null,
  leaveDeadline: null,
});
