import type { TrainingProgram } from '../program.js';
import type { TrainerState } from './state.js';

/**
 * Notes whether the gradient has become small: a small one says that there is little left to gain. To be
 * called once every subset was used.
 */
export function watchGradient(
  state: TrainerState,
  rule: TrainingProgram['earlyStopping'],
  gradientNorm: number,
): TrainerState {
  if (rule === undefined) return state;
  const firstGradientNorm = state.firstGradientNorm === 0 ? gradientNorm : state.firstGradientNorm;
  const calmRounds = gradientNorm <= rule.tolerance * firstGradientNorm ? state.calmRounds + 1 : 0;
  return { ...state, firstGradientNorm, calmRounds, finished: state.finished || calmRounds >= rule.patience };
}
