import { z } from 'zod';
import { TrainingError } from '../errors.js';
import { LARGEST_WEIGHT } from '../he/parameters.js';

const vector = z.array(z.number()).max(32);
/** Optimisers keep weights in the range that the encryption has room for. */
const weights = z.array(z.number().min(-LARGEST_WEIGHT).max(LARGEST_WEIGHT)).max(32);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** What is remembered of a subset: where its gradient was last taken, the gradient, and what is known of its curvature. */
const memorySchema = z.strictObject({
  point: vector,
  gradient: vector,
  /** features × features, row-major; empty while nothing is known. */
  curvature: z.array(z.number()).max(32 * 32),
  /** Largest curvature seen along any step. */
  smoothness: z.number().min(0),
});

/** Everything a model owner must keep between rounds. JSON in, JSON out, without loss. */
export const trainerStateSchema = z.strictObject({
  schemaVersion: z.literal(1),
  programDigest: digest,
  templateDigest: digest,
  /** Last applied attempt; 0 before the first. */
  attempt: z.number().int().min(0),
  /** Rounds that brought at least one usable update. */
  rounds: z.number().int().min(0),
  /** Early stopping says that there is nothing left to gain. */
  finished: z.boolean(),
  /** The model, in standardised units. */
  weights,
  /** The point at which the next gradients are asked for; Nesterov looks ahead of `weights`. */
  query: weights,
  /** Nesterov's sequence t. */
  momentum: z.number().min(1),
  /** By subset; null for one that was never used. */
  memory: z.array(memorySchema.nullable()),
  /** Norm of the first full gradient, 0 before it is known; and rounds in a row under the tolerance. */
  firstGradientNorm: z.number().min(0),
  calmRounds: z.number().int().min(0),
});

/** See {@link trainerStateSchema}. */
export type TrainerState = z.infer<typeof trainerStateSchema>;

/** What is remembered of one subset. */
export type SubsetMemory = z.infer<typeof memorySchema>;

/** The state before the first round: all weights 0, which predicts the mean. */
export function firstState(input: {
  readonly programDigest: string;
  readonly templateDigest: string;
  readonly features: number;
  readonly subsets: number;
}): TrainerState {
  const zeros = Array.from({ length: input.features }, () => 0);
  return {
    schemaVersion: 1,
    programDigest: input.programDigest,
    templateDigest: input.templateDigest,
    attempt: 0,
    rounds: 0,
    finished: false,
    weights: zeros,
    query: zeros,
    momentum: 1,
    memory: Array.from({ length: input.subsets }, () => null),
    firstGradientNorm: 0,
    calmRounds: 0,
  };
}

/** A state as it was given out, for this program and dataset. @throws TrainingError VT7504 */
export function checkState(value: unknown, expected: TrainerState): TrainerState {
  const parsed = trainerStateSchema.safeParse(value);
  if (!parsed.success) {
    throw new TrainingError('VT7504', 'the trainer state cannot be read', {}, parsed.error);
  }
  const state = parsed.data;
  const fits =
    state.programDigest === expected.programDigest &&
    state.templateDigest === expected.templateDigest &&
    state.weights.length === expected.weights.length &&
    state.query.length === expected.weights.length &&
    state.memory.length === expected.memory.length &&
    state.memory.every((entry) => entry === null || hasWidth(entry, expected.weights.length));
  if (!fits) throw new TrainingError('VT7504', 'the trainer state belongs to another program or dataset');
  return state;
}

function hasWidth({ point, gradient, curvature }: SubsetMemory, features: number): boolean {
  const known = curvature.length === 0 || curvature.length === features * features;
  return known && point.length === features && gradient.length === features;
}
