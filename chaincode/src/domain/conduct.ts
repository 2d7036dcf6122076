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
export type ConductKind = z.infer<typeof conductKind>;

/** A participant's act or failure in one round. A ruling writes it, and it never changes. */
export const conductRecord = z.strictObject({
  participantId,
  coupleId,
  attempt,
  /** Null where the record is about a whole round. */
  subsetIndex: subsetIndex.nullable(),
  slot: z.int().min(0).nullable(),
  kind: conductKind,
  writtenAt: stamp,
});
export type ConductRecord = z.infer<typeof conductRecord>;
