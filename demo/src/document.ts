import { z } from 'zod';
import { demoResultSchema } from './result.js';

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();

/** How one job ended: what the contract's records say of one replica in one round. */
export const verdicts = [
  'agreed',
  'dissented',
  'absent',
  'excused',
  'unjudged',
  'void',
  'forfeited',
] as const;
const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

/** The parts of a round, in their order. They follow each other and add up to the round's wall clock. */
export const phases = ['send', 'draw', 'train', 'commit', 'deliver', 'judge', 'step'] as const;
export type Phase = (typeof phases)[number];

export const phaseTitles: Readonly<Record<Phase, string>> = {
  send: 'encrypt, open',
  draw: 'draw',
  train: 'fetch, train',
  commit: 'commit',
  deliver: 'upload, download',
  step: 'decrypt, step',
  judge: 'judge',
};

/** Phases in which the round waits for the ledger, not for arithmetic or files. */
export const ledgerPhases: readonly Phase[] = ['draw', 'commit', 'judge'];

const lossSchema = z.strictObject({ round: count, encrypted: z.number(), plain: z.number() });

const slotSchema = z.strictObject({
  subset: count,
  slot: count,
  instance: z.string(),
  host: z.string(),
  /** This host was told to lie. */
  liar: z.boolean(),
  verdicts: z.partialRecord(verdictSchema, count),
});

const roundTimeSchema = z.strictObject({ round: z.int().positive(), phase: z.enum(phases), seconds });

/** All that the report shows; the result is the same object that `--format json` prints. */
export const reportDocumentSchema = z.strictObject({
  result: demoResultSchema,
  table: z.strictObject({ name: z.string(), target: z.string(), columns: z.array(z.string()) }),
  seed: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** Node's version, processor and number of cores: what the seconds were measured on. */
  machine: z.string(),
  /** Round 0 is the model before training: the mean of the target. */
  losses: z.array(lossSchema).min(1),
  slots: z.array(slotSchema),
  times: z.array(roundTimeSchema),
  /** What did not go as it should: restarts of agents, and why there is no liar. */
  remarks: z.array(z.string()),
});

export type ReportDocument = z.infer<typeof reportDocumentSchema>;
export type Loss = z.infer<typeof lossSchema>;
export type SlotRecord = z.infer<typeof slotSchema>;
export type RoundTime = z.infer<typeof roundTimeSchema>;
