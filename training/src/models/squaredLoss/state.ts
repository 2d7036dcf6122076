import { z } from 'zod';
import { MAX_CLASSES, MAX_COLUMNS } from '../../data/limits.js';
import type { FamilyTemplate } from '../../maps/mappedRows.js';

/** Numbers by vector, one behind the other. */
const block = z.array(z.number()).max(MAX_CLASSES * (MAX_COLUMNS + 1));

/** All that a model owner keeps between rounds. JSON in, JSON out, without loss; its size does not grow with rounds. */
export const blockStateSchema = z.strictObject({
  /** The model: the weights of each vector, the intercept behind them. */
  weights: block,
  /** What is asked about: nothing but zeros at first, then directions of length 1, none alike. */
  query: z.array(z.number().min(-1.01).max(1.01)).max(MAX_CLASSES * (MAX_COLUMNS + 1)),
  /** The gradient at zero over the whole table; null before it is known. */
  origin: block.nullable(),
  /** Minus the gradient at the model; null before it is known. */
  residual: block.nullable(),
  /** What the steps so far have gained, 0 or less. */
  gain: z.number(),
  /** By subset, its gradient at the query; null while it has not answered. */
  replies: z.array(block.nullable()),
  /** By subset, whether it was ever used. */
  used: z.array(z.boolean()),
});

/** See {@link blockStateSchema}. */
export type BlockState = z.infer<typeof blockStateSchema>;

/** All weights 0. */
export function firstBlockState({ features, subsetRows }: FamilyTemplate, vectors: number): BlockState {
  const zeros = Array.from({ length: vectors * (features + 1) }, () => 0);
  return {
    weights: zeros,
    query: zeros,
    origin: null,
    residual: null,
    gain: 0,
    replies: subsetRows.map(() => null),
    used: subsetRows.map(() => false),
  };
}

/** Whether a state is of these sizes. */
export function hasSizes(
  { weights, query, origin, residual, replies, used }: BlockState,
  { features, subsetRows }: FamilyTemplate,
  vectors: number,
): boolean {
  const length = vectors * (features + 1);
  const blocks = [weights, query, origin, residual, ...replies];
  return (
    blocks.every((each) => each === null || each.length === length) &&
    replies.length === subsetRows.length &&
    used.length === subsetRows.length
  );
}
