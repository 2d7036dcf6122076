import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import { usedSubsets } from './memory.js';
import type { NextModel, OptimiserState } from './state.js';
import { addScaled, dot, subtract } from './vectors.js';

/**
 * Nesterov's accelerated gradient with adaptive restart (O'Donoghue and Candès 2015), on gradients of which some
 * are remembered (as in SAG, Le Roux, Schmidt and Bach 2012, and SAGA): drawing a few skewed subsets per round
 * then pulls the model no more to one side than drawing all. The step never exceeds what the curvature seen so far
 * allows.
 *
 * Weights are cut to the range one by one. For a gradient step that is the projection, so the steps lead to the best
 * model in the range.
 *
 * @param size longest step
 */
export function nesterovStep(
  state: Pick<OptimiserState, 'weights' | 'query' | 'momentum' | 'memory'>,
  size: number,
  subsetRows: readonly number[],
): NextModel {
  const used = usedSubsets(state.memory, subsetRows);
  let gradient = state.weights.map(() => 0);
  let smoothness = 0;
  for (const { weight, memory } of used) {
    gradient = addScaled(gradient, weight, memory.replies[0]?.gradient ?? []);
    smoothness += weight * memory.smoothness;
  }
  // Standardised features have a total curvature of `features`, so no direction of the whole table has more.
  const step = Math.min(size, 1 / (smoothness > 0 ? smoothness : state.weights.length));
  const weights = projected(addScaled(state.query, -step, gradient));
  const moved = subtract(weights, state.weights);
  if (dot(gradient, moved) > 0) return { weights, query: weights, momentum: 1 };
  const momentum = (1 + Math.sqrt(1 + 4 * state.momentum * state.momentum)) / 2;
  return { weights, query: projected(addScaled(weights, (state.momentum - 1) / momentum, moved)), momentum };
}

function projected(weights: readonly number[]): number[] {
  return weights.map((weight) => Math.max(-LARGEST_WEIGHT, Math.min(LARGEST_WEIGHT, weight)));
}
