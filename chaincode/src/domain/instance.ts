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
export type InstanceState = z.infer<typeof instanceState>;

/** One replica slot of one subset. A slot without a record is open, generation 1. */
export const cloudInstance = z.strictObject({
  instanceId,
  datasetId,
  subsetIndex: z.int().min(0),
  slot: z.int().min(0),
  generation: z.int().min(1),
  state: instanceState,
  /** The host; null while the slot is open. */
  participantId: participantId.nullable(),
  nonce: nonce.nullable(),
  commitment: digest.nullable(),
  companyTag: companyTag.nullable(),
  joinedAt: stamp.nullable(),
  verifyDeadline: deadline.nullable(),
  leaveDeadline: deadline.nullable(),
});
export type CloudInstance = z.infer<typeof cloudInstance>;

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
