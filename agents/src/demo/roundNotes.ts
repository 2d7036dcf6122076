import { z } from 'zod';
import { type CoupleHome, StateFile } from '@veritrain/member/home';

const roundNoteSchema = z.object({
  attempt: z.int().positive(),
  model: z.object({ weights: z.array(z.number()), intercept: z.number() }),
  metrics: z.object({
    precisionBits: z.number().nullable(),
    boundActive: z.boolean(),
    stepRefused: z.boolean(),
  }),
});

/** What the model owner noted of one attempt: its model after it, the precision that was left, and what its optimiser met. */
export type RoundNote = z.infer<typeof roundNoteSchema>;

/** The model owner's own note of an attempt, or undefined where it has not come so far. */
export function readRoundNote(couple: CoupleHome, attempt: number): RoundNote | undefined {
  return new StateFile(couple.roundPath(attempt), roundNoteSchema).read();
}
