import { z } from 'zod';
import type { StepFigures, TrainingLoss } from '../models/family.js';
import { modelMetricNames } from '../models/result.js';

/** Figures of a round, for people to watch. */
export interface RoundMetrics extends StepFigures {
  /**
   * How good the model is after the round, on the rows that were trained on; empty while nothing is known. Nothing of it is public:
   * it is made of what the model owner decrypts.
   */
  readonly metrics: readonly TrainingFigure[];
  /** The attempt, from 1. */
  readonly attempt: number;
  /** Rounds so far that brought at least one usable update. */
  readonly rounds: number;
  /**
   * Least number of bits behind the binary point, over this round's updates, that are free of noise; null in clear, and
   * where no part of an update is free to measure it.
   */
  readonly precisionBits: number | null;
  /**
   * Updates of correct form that decrypt to nonsense, or of a batch whose sum does or that lacks an update of another subset: left
   * out of the step.
   */
  readonly unusable: readonly {
    /** Index of the subset, from 0. */
    readonly subset: number;
    /** What is wrong with it, in words. */
    readonly reason: string;
  }[];
  /** Early stopping says that there is nothing left to gain. */
  readonly finished: boolean;
}

/** A figure of a model that its owner works out of replies, without any row. */
export const trainingFigureSchema = z.strictObject({
  /** What it is, as of a `ModelMetric`. */
  name: z.enum(modelMetricNames),
  /** The figure. */
  value: z.number(),
  /** Of the rows that were trained on. */
  split: z.literal('train'),
  /** By the family's estimate of its loss: [how exact](../../README.md#figures-of-a-round). */
  kind: z.literal('estimate'),
  /** How many subsets it speaks for: those that were used so far. */
  subsets: z.int().min(0),
  /** How many there are. */
  of: z.int().min(1),
});

/** A figure of a model that its owner works out of replies. See {@link trainingFigureSchema}. */
export interface TrainingFigure extends z.infer<typeof trainingFigureSchema> {}

/**
 * What a family says of its loss, with how many subsets it says it of.
 * @param groups subsets that the family sees as one
 */
export function trainingFigures(
  { metrics, subsets }: TrainingLoss,
  groups: readonly (readonly number[])[],
): TrainingFigure[] {
  const used = subsets.reduce((sum, group) => sum + (groups[group]?.length ?? 0), 0);
  const about = { split: 'train', kind: 'estimate', subsets: used, of: groups.flat().length } as const;
  return metrics
    .filter(({ value }) => Number.isFinite(value))
    .map(({ name, value }) => ({ name, value, ...about }));
}
