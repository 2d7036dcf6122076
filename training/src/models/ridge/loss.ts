import { hashParts } from '../../canonical.js';
import { Drbg } from '../../drbg.js';
import { cut, LARGEST_FEATURE } from '../../maps/featureMap.js';
import { norm, scaled } from '../../optimisers/vectors.js';
import type { SquaredLoss } from '../squaredLoss/gradient.js';
import type { Outputs } from '../squaredLoss/moments.js';
import type { RidgeHead } from './head.js';

/** At 200 features, messages of a round are then 14 ciphertexts in place of 6, and fewer rounds reach the same error. */
const MAX_VECTORS = 8;
/** Most numbers of a query: the model owner keeps as many of each subset. */
const MAX_QUERY = 4096;

/**
 * One output, the standardised target cut to ±8. Vectors cost less together than in a round each: the others ask along directions of
 * their own, so that a step is the minimum over as many of them.
 */
export const ridgeLoss = ({ lambda }: RidgeHead, features: number): SquaredLoss => ({
  outputs: 1,
  vectors: Math.max(1, Math.min(MAX_VECTORS, Math.floor(MAX_QUERY / (features + 1)))),
  largestOutput: LARGEST_FEATURE,
  lambda,
});

/** See {@link ridgeLoss}. */
export const targetOutput: Outputs = { count: 1, placeOf: () => 0, valueOf: cut };

/** Where the other vectors begin: directions of length 1 that nothing prefers, the same in every training. */
export function startsOf({ vectors, outputs }: SquaredLoss, width: number): number[] {
  const drbg = new Drbg(hashParts('veritrain/ridge/starts/1', new Uint8Array(0)));
  return Array.from({ length: vectors - outputs }, () => {
    const vector = Array.from({ length: width }, () => drbg.below(2 ** 32) / 2 ** 32 - 0.5);
    return scaled(1 / norm(vector), vector);
  }).flat();
}
