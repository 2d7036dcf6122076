import { z } from 'zod';
import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';

const vector = z.array(z.number()).max(32);
/** What is encrypted stays in the range that the encryption has room for. */
const encrypted = z.array(z.number().min(-LARGEST_WEIGHT).max(LARGEST_WEIGHT)).max(32);

/** The optimiser that a program names. */
export const optimiserSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** Accelerated gradient steps. */
    kind: z.literal('nesterov'),
    /** Factor on the step per applied round, 1 for none. */
    decay: z.number().min(0.9).max(1),
  }),
  z.strictObject({
    /** Incremental quasi-Newton steps. */
    kind: z.literal('quasiNewton'),
    /** Curvature assumed before anything is known; standardised features make 1 a good guess. */
    initialCurvature: z.number().min(0.01).max(1000),
  }),
]);

/** What an optimiser has to know of a program. */
export interface OptimiserChoices {
  readonly optimiser: z.infer<typeof optimiserSchema>;
  readonly learningRate: number;
  readonly localSteps: number;
}

/** A gradient of a subset's loss, and the point at which it was asked for. */
const replySchema = z.strictObject({ point: vector, gradient: vector });

/** What is remembered of a subset. */
const memorySchema = z.strictObject({
  /** Newest first: those that together say most of the subset's loss. */
  replies: z.array(replySchema).min(1).max(33),
  /** Largest curvature seen along any step. */
  smoothness: z.number().min(0),
});

/** All that an optimiser keeps between rounds. JSON in, JSON out, without loss. */
export const optimiserStateSchema = z.strictObject({
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
});

/** See {@link optimiserStateSchema}. */
export type OptimiserState = z.infer<typeof optimiserStateSchema>;

/** See {@link replySchema}. */
export type Reply = z.infer<typeof replySchema>;

/** What is remembered of one subset. */
export type SubsetMemory = z.infer<typeof memorySchema>;

/** What a step makes: the next model, and the point at which to ask about it. */
export type NextModel = Pick<OptimiserState, 'weights' | 'query' | 'momentum'>;

/** All weights 0, which predicts the mean. */
export function firstOptimiserState(features: number, subsets: number): OptimiserState {
  const zeros = Array.from({ length: features }, () => 0);
  return {
    weights: zeros,
    before: zeros,
    query: zeros,
    momentum: 1,
    memory: Array.from({ length: subsets }, () => null),
  };
}

/** Whether a state is of so many features and subsets. */
export function hasSizes(state: OptimiserState, features: number, subsets: number): boolean {
  return (
    [state.weights, state.before, state.query].every(({ length }) => length === features) &&
    state.memory.length === subsets &&
    state.memory.every((entry) => entry === null || hasWidth(entry, features))
  );
}

function hasWidth({ replies }: SubsetMemory, features: number): boolean {
  return replies.every(({ point, gradient }) => point.length === features && gradient.length === features);
}
