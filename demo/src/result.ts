import { aggregationSchema } from '@veritrain/client-sdk/schemas';
import { metricTitles } from '@veritrain/member/text';
import {
  featureMapSchema,
  modelParametersSchema,
  privacyTermsSchema,
  trainingFigureSchema,
  type ModelMetric,
} from '@veritrain/training';
import { z } from 'zod';

const count = z.int().nonnegative();
const positive = z.int().positive();
const seconds = z.number().nonnegative();
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const metricNames = Object.keys(metricTitles) as [ModelMetric['name'], ...ModelMetric['name'][]];

const metricSchema = z.strictObject({
  name: z.enum(metricNames),
  split: z.enum(['train', 'test']),
  encrypted: z.number(),
  plain: z.number(),
  gap: z.number().nonnegative(),
});

/** What the model owner noted of a round, without any row. */
const roundFiguresSchema = z.strictObject({
  round: positive,
  /** Of the model after the round, on the rows that were trained on: estimates; empty before there is one. */
  metrics: z.array(trainingFigureSchema),
  /** In the units of the family, at the model that the round asked about. */
  gradientNorm: z.number(),
  stepRefused: z.boolean(),
  boundActive: z.boolean(),
  precisionBits: z.number().nullable(),
});

/** What `veritrain demo --format json` prints: exactly one such object. */
export const demoResultSchema = z.strictObject({
  schemaVersion: z.literal(2),
  /** How the couple ended. */
  outcome: z.literal('completed'),
  /** Rows that were trained on, and rows that no host got. */
  data: z.strictObject({
    rows: positive,
    testRows: count,
    features: positive,
    subsets: positive,
    replicas: positive,
    /** Whether the model owner saw the update of every subset, or sums over batches of subsets alone. */
    aggregation: aggregationSchema,
  }),
  /** The differential privacy of the rows; null for none, when hosts get rows. */
  privacy: privacyTermsSchema.nullable(),
  /** Rounds whose updates were applied. */
  rounds: positive,
  /** What the model predicts: numbers, or the probability of the larger of two values of the target. */
  task: z.enum(['regression', 'classification']),
  /** The kind of model. */
  family: z.string(),
  /**
   * What the model is worth on the rows that it was trained on (`train`) and on those that were set aside (`test`), the figure
   * that training makes smaller first (`mse`: squared units of the target; `logLoss`: nats); gap = |encrypted − plain|.
   */
  metrics: z.array(metricSchema).min(1),
  /** Bits in which the decrypted values of the last round agree with plain arithmetic; null where no round could tell. */
  precisionBits: z.number().nullable(),
  /** Rounds after which a weight had reached the bound of the encrypted range, and steps that were taken back. */
  steps: z.strictObject({ boundRounds: count, refusedSteps: count }),
  /** Round by round, what the model owner sees of its training. */
  roundFigures: z.array(roundFiguresSchema),
  model: z.strictObject({
    digest,
    family: z.string(),
    /** The columns that it needs, in their order. */
    features: z.array(z.string()).min(1),
    /** What makes features of these columns; absent where they are the features. Parameters are then in units of mapped features. */
    featureMap: featureMapSchema.optional(),
    /**
     * Its numbers by name, in the units of these columns. Of a linear model X·weights + intercept is the prediction, of a
     * logistic one the log-odds of the second of `classes`.
     */
    parameters: modelParametersSchema,
    /** Where the model's file is; null where nothing is kept (`--keep`). */
    path: z.string().nullable(),
  }),
  jobs: z.strictObject({ agreed: count, dissented: count, absent: count }),
  /** Null where no host could be convicted (fewer than three replicas), so that none was told to lie. */
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
  /** Bytes into and out of the vault: packages, keys, models, updates. */
  trafficBytes: count,
  /** Where the report was written; null where it could not be. */
  report: z.string().nullable(),
});

export type DemoResult = z.infer<typeof demoResultSchema>;
export type LedgerKind = DemoResult['ledger']['kind'];

/** How one job, of one replica in one round, ended by the contract's records. */
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

const share = z.number().min(0).max(1);

const rocSchema = z
  .array(z.strictObject({ falsePositives: share, truePositives: share }))
  .min(2)
  .readonly();

const curvesSchema = z.strictObject({
  roc: rocSchema,
  calibration: z
    .array(z.strictObject({ predicted: share, observed: share, rows: positive }))
    .min(1)
    .readonly(),
  confusion: z.strictObject({
    truePositives: count,
    falsePositives: count,
    trueNegatives: count,
    falseNegatives: count,
  }),
});

const worth = share.nullable();

const severalSchema = z.strictObject({
  /** Rows by class, then by the class that was predicted. */
  confusion: z.array(z.array(count)).min(2).readonly(),
  /** By class; null where there is nothing to divide by, or no probability. */
  figures: z
    .array(z.strictObject({ rows: count, precision: worth, recall: worth, f1: worth, auc: worth }))
    .min(2)
    .readonly(),
  /** By the probability of the likeliest class; null of models without probabilities. */
  calibration: curvesSchema.shape.calibration.nullable(),
  /** Of each class against the rest; null of models without probabilities. */
  roc: z.array(rocSchema).min(2).readonly().nullable(),
});

const bothClasses = z.strictObject({
  /** As the table writes them. */
  names: z.array(z.string()).min(2),
  encrypted: severalSchema,
  plain: severalSchema,
});

const bothCurves = z.strictObject({
  /** The two classes as the table writes them; probabilities are of the second. */
  names: z.tuple([z.string(), z.string()]),
  encrypted: curvesSchema,
  plain: curvesSchema,
});

/** All that the report shows. The result is the object that `--format json` prints. */
export const reportDocumentSchema = z.strictObject({
  result: demoResultSchema,
  table: z.strictObject({ name: z.string(), target: z.string(), columns: z.array(z.string()) }),
  seed: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** The machine that the seconds were measured on: Node's version, processor and number of cores. */
  machine: z.string(),
  /** Round 0 is the model before training. */
  losses: z.array(lossSchema).min(1),
  slots: z.array(slotSchema),
  times: z.array(roundTimeSchema),
  /** Of two classes: the curves of the encrypted model and of its twin. */
  curves: bothCurves.nullable(),
  /** The same on the rows that were set aside. */
  testCurves: bothCurves.nullable(),
  /** Of several classes: what the encrypted model and its twin make of each. */
  classes: bothClasses.nullable(),
  /** The same on the rows that were set aside. */
  testClasses: bothClasses.nullable(),
  /** Exceptions: restarts of agents, and why there is no liar. */
  remarks: z.array(z.string()),
});

export type ReportDocument = z.infer<typeof reportDocumentSchema>;
export type Curves = z.infer<typeof curvesSchema>;
export type BothCurves = z.infer<typeof bothCurves>;
export type BothClasses = z.infer<typeof bothClasses>;
export type Loss = z.infer<typeof lossSchema>;
export type SlotRecord = z.infer<typeof slotSchema>;
export type RoundTime = z.infer<typeof roundTimeSchema>;
