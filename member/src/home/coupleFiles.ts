import { type RoundMetrics, type TrainedResult, trainedResultSchema } from '@veritrain/training';
import { z } from 'zod';
import type { CoupleHome, MemberHome } from './memberHome.js';
import { StateFile } from './stateFile.js';

const drawSchema = z.strictObject({
  schemaVersion: z.literal(1),
  datasetId: z.string(),
  /** The last attempt that this data owner completed: it opened the link, or the ledger confirmed that the attempt expired. */
  attempt: z.int().min(0),
});

/** The data owner's progress along its draw chain, written before it approves the couple. */
export const drawFile = (home: MemberHome, coupleId: string): StateFile<z.infer<typeof drawSchema>> =>
  new StateFile(home.couple(coupleId).drawPath, drawSchema);

/** The result of one started attempt. */
export interface RoundResult {
  readonly attempt: number;
  readonly model: TrainedResult;
  readonly metrics: RoundMetrics;
  /** Subsets whose updates went into the model, ascending. */
  readonly usedSubsets: readonly number[];
}

const resultSchema = z.strictObject({
  schemaVersion: z.literal(2),
  attempt: z.int().min(1),
  model: trainedResultSchema,
  metrics: z.strictObject({
    attempt: z.int(),
    rounds: z.int(),
    gradientNorm: z.number(),
    lossEstimate: z.number(),
    boundActive: z.boolean(),
    stepRefused: z.boolean(),
    step: z.number(),
    precisionBits: z.number().nullable(),
    unusable: z.array(z.strictObject({ subset: z.int(), reason: z.string() })),
    finished: z.boolean(),
  }),
  usedSubsets: z.array(z.int()),
});

/** The model owner's record of a started attempt, for people who want to follow the training. */
export const roundResultFile = (home: CoupleHome, attempt: number): StateFile<z.infer<typeof resultSchema>> =>
  new StateFile(home.roundPath(attempt), resultSchema);

/** Unusual steps of the optimiser, over all rounds of a training. */
export interface StepCounts {
  /** Rounds after which a weight had reached the limit of the encrypted range. */
  readonly boundRounds: number;
  /** Steps that the optimiser took back because they increased the estimated loss. */
  readonly refusedSteps: number;
}

export function countSteps(
  metrics: readonly Pick<RoundMetrics, 'boundActive' | 'stepRefused'>[],
): StepCounts {
  return {
    boundRounds: metrics.filter(({ boundActive }) => boundActive).length,
    refusedSteps: metrics.filter(({ stepRefused }) => stepRefused).length,
  };
}

/** The counts over the attempts that this model owner's agent recorded; undefined if it recorded none. */
export function notedSteps(home: CoupleHome, attempts: number): StepCounts | undefined {
  const notes = Array.from({ length: attempts }, (_, index) => roundResultFile(home, index + 1).read());
  const metrics = notes.flatMap((note) => (note === undefined ? [] : [note.metrics]));
  return metrics.length === 0 ? undefined : countSteps(metrics);
}
