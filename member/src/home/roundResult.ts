import type { RoundMetrics } from '@veritrain/training';
import { z } from 'zod';
import type { CoupleHome } from './memberHome.js';
import { StateFile } from './stateFile.js';

/** What one started attempt came to. */
export interface RoundResult {
  readonly attempt: number;
  readonly model: { readonly weights: readonly number[]; readonly intercept: number };
  readonly metrics: RoundMetrics;
  /** Subsets whose update went into the model, ascending. */
  readonly usedSubsets: readonly number[];
}

const resultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  attempt: z.int().min(1),
  model: z.strictObject({ weights: z.array(z.number()), intercept: z.number() }),
  metrics: z.strictObject({
    attempt: z.int(),
    rounds: z.int(),
    gradientNorm: z.number(),
    /** 0 in notes of versions that did not count them, as the two below. */
    lossEstimate: z.number().default(0),
    boundActive: z.boolean().default(false),
    stepRefused: z.boolean().default(false),
    step: z.number(),
    precisionBits: z.number().nullable(),
    unusable: z.array(z.strictObject({ subset: z.int(), reason: z.string() })),
    finished: z.boolean(),
  }),
  usedSubsets: z.array(z.int()),
});

/** What came of a started attempt, kept beside the state for whoever wants to see the training. */
export const roundResultFile = (home: CoupleHome, attempt: number): StateFile<z.infer<typeof resultSchema>> =>
  new StateFile(home.roundPath(attempt), resultSchema);

/** What a training's optimiser met, over all its rounds. */
export interface StepCounts {
  /** Rounds after which a weight of the model had reached the range that is encrypted. */
  readonly boundRounds: number;
  /** Steps that were taken back, since they had made the model worse by the estimate of the loss. */
  readonly refusedSteps: number;
}

/** Counts over the metrics of rounds. */
export function countSteps(
  metrics: readonly Pick<RoundMetrics, 'boundActive' | 'stepRefused'>[],
): StepCounts {
  return {
    boundRounds: metrics.filter(({ boundActive }) => boundActive).length,
    refusedSteps: metrics.filter(({ stepRefused }) => stepRefused).length,
  };
}

/** The counts over all that a model owner's own agent noted; undefined where it noted nothing: others cannot decrypt. */
export function notedSteps(home: CoupleHome, attempts: number): StepCounts | undefined {
  const notes = Array.from({ length: attempts }, (_, index) => roundResultFile(home, index + 1).read());
  const metrics = notes.flatMap((note) => (note === undefined ? [] : [note.metrics]));
  return metrics.length === 0 ? undefined : countSteps(metrics);
}
