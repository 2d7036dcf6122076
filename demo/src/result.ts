import { z } from 'zod';

const count = z.int().nonnegative();
const positive = z.int().positive();
const seconds = z.number().nonnegative();
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** What `veritrain demo --format json` prints: exactly one such object. */
export const demoResultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** How the couple ended. */
  outcome: z.literal('completed'),
  data: z.strictObject({ rows: positive, features: positive, subsets: positive, replicas: positive }),
  /** Rounds whose updates were applied. */
  rounds: positive,
  /** Mean squared error over all rows of the table, in squared units of the target; gap = |encrypted − plain|. */
  metric: z.strictObject({
    name: z.literal('mse'),
    encrypted: z.number().nonnegative(),
    plain: z.number().nonnegative(),
    gap: z.number().nonnegative(),
  }),
  /** Bits in which the decrypted values of the last round agree with what plain arithmetic gives. */
  precisionBits: z.number(),
  /** Rounds after which a weight had reached the range that is encrypted, and steps that were taken back. */
  steps: z.strictObject({ boundRounds: count, refusedSteps: count }),
  /** Weights in the units of the input columns, in their order: X·weights + intercept predicts the target. */
  model: z.strictObject({ digest, weights: z.array(z.number()), intercept: z.number() }),
  jobs: z.strictObject({ agreed: count, dissented: count, absent: count }),
  /** Null where nobody could be convicted (fewer than three replicas), so that nobody was told to lie. */
  liar: z
    .strictObject({
      instances: z.array(z.string()).min(1),
      participant: z.string(),
      verdict: z.enum(['dissented', 'absent', 'agreed', 'none']),
      /** In how many rounds the verdict fell. */
      rounds: count,
    })
    .nullable(),
  /** The drawn subsets of each round, in the order of the draw. */
  draws: z.array(z.array(z.string())),
  /**
   * Wall clock. Total: the whole demo. Training: from the couple's approval to its end. Ledger: the part of
   * training in which rounds waited for transactions (open, draw, commit, judge) and not for arithmetic or files.
   */
  seconds: z.strictObject({ total: seconds, training: seconds, ledger: seconds }),
  ledger: z.strictObject({ kind: z.enum(['embedded', 'fabric']), transactions: positive, blocks: positive }),
  /** Bytes that went into and out of the vault: packages, keys, models, updates. */
  trafficBytes: count,
  /** Where the report was written; null where it could not be. */
  report: z.string().nullable(),
});

export type DemoResult = z.infer<typeof demoResultSchema>;
export type LedgerKind = DemoResult['ledger']['kind'];
