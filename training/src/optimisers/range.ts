import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import { largest } from './vectors.js';

/**
 * Where to ask about a model, with all weights in the range that is encrypted. About a model outside it is asked at its
 * image in the range, and in every other round at the point opposite to that: gradients are affine, so the two tell the
 * gradient on their whole line, at the model too. To cut weights one by one would break up those that cancel.
 */
export function imageInRange(weights: readonly number[], rounds: number): number[] {
  const most = largest(weights);
  if (most <= LARGEST_WEIGHT) return [...weights];
  const side = rounds % 2 === 0 ? LARGEST_WEIGHT : -LARGEST_WEIGHT;
  return weights.map((weight) => (weight / most) * side + 0);
}
