import { estimateLoss } from '../../optimisers/estimate.js';
import { exploredDirections } from '../../optimisers/exploration.js';
import { usedSubsets } from '../../optimisers/memory.js';
import type { OptimiserState, SubsetMemory } from '../../optimisers/state.js';
import { addScaled, addTo, dot, norm, scaled, subtract } from '../../optimisers/vectors.js';
import type { Trained, TrainingLoss } from '../family.js';
import { errorsFromGain } from '../regressionMetrics.js';
import type { LinearHead } from './head.js';
import { spansOf } from './stepSize.js';

/**
 * Most of the target's variance that may hang on directions in which no subset was asked, at the curvature of standardised columns
 * that do not go together. True curvatures were up to five times that on the tables of the tests.
 */
const MAX_GUESSED = 0.02;

/**
 * Mean squared error and R² by the quadratics of the subsets. None while too much of them is a guess: the first step goes along a
 * gradient of which nothing else is known. Several local steps say another loss's quadratic, and so nothing of this one.
 */
export function linearTrainingLoss(
  { head, template, state }: Trained<LinearHead, OptimiserState>,
  noise: number,
): TrainingLoss {
  const { optimiser, lambda, localSteps } = head;
  const { weights, memory } = state;
  const curvature = optimiser.kind === 'quasiNewton' ? optimiser.initialCurvature : 1;
  const facts = { rows: template.subsetRows, noise: spansOf(head, template).map((span) => noise / span) };
  const estimate = localSteps === 1 ? estimateLoss(memory, facts, curvature) : undefined;
  const used = usedSubsets(memory, template.subsetRows);
  const guessed = used.reduce((sum, of) => sum + of.weight * guessedPart(of.memory, weights), 0);
  if (estimate === undefined || guessed > MAX_GUESSED) return { metrics: [], subsets: [] };
  const gain = estimate.at(weights) - (lambda / 2) * dot(weights, weights);
  return { metrics: errorsFromGain(gain, template), subsets: used.map(({ subset }) => subset) };
}

/**
 * What of a subset's loss at a model, less that at zero, is a guess where all curvature that was not asked for is 1: the parts u of
 * the ways to both points that lie in no direction of which replies tell the curvature make |u_w|²/2 − |u_0|²/2, cross terms and all.
 */
function guessedPart({ replies }: SubsetMemory, weights: readonly number[]): number {
  const point = replies[0]?.point ?? [];
  const directions = exploredDirections(replies)
    .filter(({ length }) => length > 0)
    .map(({ direction }) => direction);
  const unexplored = (way: number[]): number[] => {
    for (const direction of directions) addTo(way, -dot(way, direction), direction);
    return way;
  };
  const toModel = unexplored(subtract(weights, point));
  const toZero = unexplored(scaled(-1, point));
  return (norm(subtract(toModel, toZero)) * norm(addScaled(toModel, 1, toZero))) / 2;
}
