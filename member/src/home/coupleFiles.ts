import {
  type RoundMetrics,
  type TrainedResult,
  trainedResultSchema,
  trainingFigureSchema,
} from '@veritrain/training';
import { z } from 'zod';
import type { CoupleHome, MemberHome } from './memberHome.js';
import { StateFile } from './stateFile.js';

const drawSchema = z.strictObject({
  /** The form of the file: 1. */
  schemaVersion: z.literal(1),
  /** The couple's dataset, `ds_…`. */
  datasetId: z.string(),
  /** The last attempt that this data owner completed: it opened the link, or the ledger confirmed that the attempt expired. */
  attempt: z.int().min(0),
});

/** A data owner's progress along the draw chain of a couple. */
export interface DrawProgress extends z.infer<typeof drawSchema> {}

/** The file of a data owner's progress along its draw chain, first written before it approves the couple. */
export const drawFile = (home: MemberHome, coupleId: string): StateFile<DrawProgress> =>
  new StateFile(home.couple(coupleId).drawPath, drawSchema);

/** The result of one started attempt, as the model owner keeps it. */
export interface RoundResult {
  /** The form of the file: 2. */
  readonly schemaVersion: 2;
  /** The attempt, from 1. */
  readonly attempt: number;
  /** The model after the attempt, in the units of the table. */
  readonly model: TrainedResult;
  /** Figures of the step. */
  readonly metrics: RoundMetrics;
  /** Subsets whose updates went into the model, ascending. */
  readonly usedSubsets: readonly number[];
}

const resultSchema = z.strictObject({
  schemaVersion: z.literal(2),
  attempt: z.int().min(1),
  model: trainedResultSchema,
  metrics: z.strictObject({
    // Notes of rounds before there were such figures lack them.
    metrics: z.array(trainingFigureSchema).default([]),
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

/** The file of a started attempt's result, for people who want to follow the training. Absent until the step was made. */
export const roundResultFile = (home: CoupleHome, attempt: number): StateFile<RoundResult> =>
  new StateFile(home.roundPath(attempt), resultSchema);

/** Unusual steps of the optimiser, over all rounds of a training. */
export interface StepCounts {
  /** Rounds after which a weight had reached the limit of the encrypted range. */
  readonly boundRounds: number;
  /** Steps that the optimiser took back because they increased the estimated loss. */
  readonly refusedSteps: number;
}

/** Counts the unusual steps among the metrics of some rounds. */
export function countSteps(
  metrics: readonly Pick<RoundMetrics, 'boundActive' | 'stepRefused'>[],
): StepCounts {
  return {
    boundRounds: metrics.filter(({ boundActive }) => boundActive).length,
    refusedSteps: metrics.filter(({ stepRefused }) => stepRefused).length,
  };
}

/** The figures of the rounds up to an attempt that this model owner's agent recorded, in their order. */
export function notedRounds(home: CoupleHome, attempts: number): RoundMetrics[] {
  const notes = Array.from({ length: attempts }, (_, index) => roundResultFile(home, index + 1).read());
  return notes.flatMap((note) => (note === undefined ? [] : [note.metrics]));
}

/** The counts over the attempts that this model owner's agent recorded; undefined if it recorded none. */
export function notedSteps(home: CoupleHome, attempts: number): StepCounts | undefined {
  const metrics = notedRounds(home, attempts);
  return metrics.length === 0 ? undefined : countSteps(metrics);
}
