import type { TrainingProgram } from '../program.js';
import type { TrainerState } from './state.js';

/**
 * Notes whether the gradient has become small: a small one says that there is little left to gain. Nothing is judged
 * before every subset was used once.
 */
export function watchGradient(
  state: TrainerState,
  rule: TrainingProgram['earlyStopping'],
  gradientNorm: number,
): TrainerState {
  if (rule === undefined || state.memory.includes(null)) return state;
  const firstGradientNorm = state.firstGradientNorm === 0 ? gradientNorm : state.firstGradientNorm;
  const calmRounds = gradientNorm <= rule.tolerance * firstGradientNorm ? state.calmRounds + 1 : 0;
  return { ...state, firstGradientNorm, calmRounds, finished: state.finished || calmRounds >= rule.patience };
}
