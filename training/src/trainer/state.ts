import { z } from 'zod';
import { TrainingError } from '../errors.js';
import { LARGEST_WEIGHT } from '../he/parameters.js';

const vector = z.array(z.number()).max(32);
/** What is encrypted stays in the range that the encryption has room for. */
const encrypted = z.array(z.number().min(-LARGEST_WEIGHT).max(LARGEST_WEIGHT)).max(32);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A gradient of a subset's loss, and the point at which it was asked for. */
const replySchema = z.strictObject({ point: vector, gradient: vector });

/** What is remembered of a subset. */
const memorySchema = z.strictObject({
  /** Newest first: those that together say most of the subset's loss. */
  replies: z.array(replySchema).min(1).max(33),
  /** Largest curvature seen along any step. */
  smoothness: z.number().min(0),
});

/** Everything a model owner must keep between rounds. JSON in, JSON out, without loss. */
export const trainerStateSchema = z.strictObject({
  schemaVersion: z.literal(2),
  programDigest: digest,
  templateDigest: digest,
  /** Last applied attempt; 0 before the first. */
  attempt: z.number().int().min(0),
  /** Rounds that brought at least one usable update. */
  rounds: z.number().int().min(0),
  /** Early stopping says that there is nothing left to gain. */
  finished: z.boolean(),
  /** The model, in standardised units: of all that were tried, the best by the estimate of the loss. */
  weights: vector,
  /** The model that the last step started from, to go back to if the next replies say that the step made it worse. */
  before: vector,
  /**
   * The point at which the next gradients are asked for. Nesterov looks ahead of `weights`; quasi-Newton asks at them, or
   * at their image in the range.
   */
  query: encrypted,
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

/** See {@link replySchema}. */
export type Reply = z.infer<typeof replySchema>;

/** What an optimiser's step makes: the next model, and the point at which to ask about it. */
export type NextModel = Pick<TrainerState, 'weights' | 'query' | 'momentum'>;

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
    schemaVersion: 2,
    programDigest: input.programDigest,
    templateDigest: input.templateDigest,
    attempt: 0,
    rounds: 0,
    finished: false,
    weights: zeros,
    before: zeros,
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
  const features = expected.weights.length;
  const fits =
    state.programDigest === expected.programDigest &&
    state.templateDigest === expected.templateDigest &&
    [state.weights, state.before, state.query].every(({ length }) => length === features) &&
    state.memory.length === expected.memory.length &&
    state.memory.every((entry) => entry === null || hasWidth(entry, features));
  if (!fits) throw new TrainingError('VT7504', 'the trainer state belongs to another program or dataset');
  return state;
}

function hasWidth({ replies }: SubsetMemory, features: number): boolean {
  return replies.every(({ point, gradient }) => point.length === features && gradient.length === features);
}
