import { estimateLoss, type LossEstimate, type SubsetFacts } from './estimate.js';
import { nesterovStep } from './nesterov.js';
import { quasiNewtonStep } from './quasiNewton.js';
import { imageInRange } from './range.js';
import type { NextModel, OptimiserChoices, OptimiserState } from './state.js';
import { norm, repeated, subtract } from './vectors.js';

/** One step, and what there is to say of it. */
export interface Step {
  readonly moved: NextModel & Pick<OptimiserState, 'before'>;
  /** Length of the estimate's gradient at the model whose replies came, in standardised units. */
  readonly gradientNorm: number;
  readonly estimate: LossEstimate;
  /** The estimate says that a step made the model worse: it was taken back. */
  readonly stepRefused: boolean;
}

/** Curvature that is assumed for Nesterov's estimate where nothing is known: that of uncorrelated standardised features. */
const STANDARD_CURVATURE = 1;

/**
 * One step of the program's optimiser, from the replies of all subsets that were used so far; undefined where there is
 * none. The new model is never worse than the one that it starts from, by the estimate of that moment. The next replies
 * may correct the estimate: where they say that the last step made the model worse, the new step starts from the
 * model before it.
 */
export function takeStep(
  state: OptimiserState,
  rounds: number,
  choices: OptimiserChoices,
  facts: SubsetFacts,
): Step | undefined {
  const { optimiser } = choices;
  const isNewton = optimiser.kind === 'quasiNewton';
  const estimate = estimateLoss(
    state.memory,
    facts,
    isNewton ? optimiser.initialCurvature : STANDARD_CURVATURE,
  );
  if (estimate === undefined) return undefined;
  const isWorse = raises(estimate, state.before, state.weights);
  const from = isWorse ? standstill(state.before, rounds) : state;
  const next = isNewton
    ? quasiNewtonStep(from.weights, estimate, rounds)
    : nesterovStep({ ...state, ...from }, longestStep(choices, optimiser.decay, rounds), facts.rows);
  const isRefused = raises(estimate, from.weights, next.weights);
  const moved = { ...(isRefused ? standstill(from.weights, rounds) : next), before: from.weights };
  return {
    moved,
    estimate,
    gradientNorm: norm(estimate.gradientAt(isNewton ? state.weights : state.query)),
    stepRefused: isWorse || isRefused,
  };
}

const longestStep = ({ learningRate, localSteps }: OptimiserChoices, decay: number, rounds: number): number =>
  learningRate * localSteps * repeated(decay, rounds);

const standstill = (weights: number[], rounds: number): NextModel => ({
  weights,
  query: imageInRange(weights, rounds),
  momentum: 1,
});

/** Whether a step raises the estimate by more than the noise of the gradients can feign. */
function raises(estimate: LossEstimate, from: readonly number[], to: readonly number[]): boolean {
  return estimate.at(to) - estimate.at(from) > estimate.noise * norm(subtract(to, from));
}
