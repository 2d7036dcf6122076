import { z } from 'zod';
import { coupleId, participantId } from './ids.js';
import { stamp } from './primitives.js';
import { attempt, subsetIndex } from './round.js';

/** Absences, late draws and unclosed subsets count against their participant; void records do not. */
export const conductKind = z.enum([
  'agreed',
  'dissented',
  'absent',
  'void',
  'forfeited',
  'lateDraw',
  'unclosed',
]);
/** What a conduct record says of its participant. */
export type ConductKind = z.infer<typeof conductKind>;

/** A participant's act or failure in one round. A ruling writes it, and it never changes. */
export const conductRecord = z.strictObject({
  participantId,
  coupleId,
  attempt,
  /** Null where the record is about a whole round. */
  subsetIndex: subsetIndex.nullable(),
  /** Which replica of the subset, counted from 0; null where no host is meant. */
  slot: z.int().min(0).nullable(),
  /** What its participant did, or failed to do. */
  kind: conductKind,
  /** When it was written. */
  writtenAt: stamp,
});
/** A conduct record, as the ledger has it. */
export interface ConductRecord extends z.infer<typeof conductRecord> {}
