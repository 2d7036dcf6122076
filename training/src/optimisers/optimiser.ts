import { LARGEST_WEIGHT } from '../he/parameters.js';
import type { TrainingProgram } from '../program.js';
import type { TrainerState } from '../trainer/state.js';
import { rememberedGradient, scaledIdentity, usedSubsets, type WeightedMemory } from './memory.js';
import { addScaled, dot, multiply, norm, repeated, solveDefinite, subtract } from './vectors.js';

/** The fields that a step changes. */
export type Step = Pick<TrainerState, 'weights' | 'query' | 'momentum'>;

/** Longest quasi-Newton step, as a fraction of the model's length (of 1 for shorter models). */
const TRUST_RADIUS = 0.5;

/** One step of the program's optimiser, from the remembered gradients of all subsets that were used so far. */
export function takeStep(state: TrainerState, program: TrainingProgram, subsetRows: readonly number[]): Step {
  const used = usedSubsets(state.memory, subsetRows);
  if (used.length === 0) return { weights: state.weights, query: state.query, momentum: state.momentum };
  if (program.optimiser.kind === 'quasiNewton')
    return quasiNewtonStep(state, used, program.optimiser.initialCurvature);
  const size = program.learningRate * program.localSteps * repeated(program.optimiser.decay, state.rounds);
  return nesterovStep(state, used, size);
}

/**
 * Nesterov's accelerated gradient with adaptive restart (O'Donoghue and Candès 2015), on gradients of which some
 * are remembered (as in SAG, Le Roux, Schmidt and Bach 2012, and SAGA): drawing a few skewed subsets per round
 * then pulls the model no more to one side than drawing all. The step never exceeds what the curvature seen so far
 * allows.
 */
function nesterovStep(state: TrainerState, used: readonly WeightedMemory[], size: number): Step {
  const gradient = rememberedGradient(used, state.weights.length);
  const smoothness = used.reduce((sum, { weight, memory }) => sum + weight * memory.smoothness, 0);
  // Standardised features have a total curvature of `features`, so no direction of the whole table has more.
  const step = Math.min(size, 1 / (smoothness > 0 ? smoothness : state.weights.length));
  const weights = bounded(addScaled(state.query, -step, gradient));
  const moved = subtract(weights, state.weights);
  if (dot(gradient, moved) > 0) return { weights, query: weights, momentum: 1 };
  const momentum = (1 + Math.sqrt(1 + 4 * state.momentum * state.momentum)) / 2;
  return { weights, query: bounded(addScaled(weights, (state.momentum - 1) / momentum, moved)), momentum };
}

/**
 * Incremental quasi-Newton (Mokhtari, Eisen and Ribeiro 2018): each subset is remembered as a quadratic (point,
 * gradient, BFGS curvature); the next model is the minimum of their weighted sum, at most a trust radius away.
 */
function quasiNewtonStep(
  state: TrainerState,
  used: readonly WeightedMemory[],
  initialCurvature: number,
): Step {
  const features = state.weights.length;
  let matrix = scaledIdentity(features, 0);
  let right = Array.from({ length: features }, () => 0);
  for (const { weight, memory } of used) {
    const curvature =
      memory.curvature.length > 0 ? memory.curvature : scaledIdentity(features, initialCurvature);
    matrix = addScaled(matrix, weight, curvature);
    right = addScaled(right, weight, subtract(multiply(curvature, memory.point), memory.gradient));
  }
  const target = solveDefinite(matrix, right) ?? state.weights;
  const move = subtract(target, state.weights);
  const radius = TRUST_RADIUS * Math.max(1, norm(state.weights));
  const length = norm(move);
  const weights = bounded(addScaled(state.weights, length > radius ? radius / length : 1, move));
  return { weights, query: weights, momentum: 1 };
}

function bounded(weights: readonly number[]): number[] {
  return weights.map((weight) => Math.max(-LARGEST_WEIGHT, Math.min(LARGEST_WEIGHT, weight)));
}
