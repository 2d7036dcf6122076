import { rememberedGradient, usedSubsets } from '../optimisers/memory.js';
import { norm } from '../optimisers/vectors.js';
import type { TrainingProgram } from '../program.js';
import type { TrainerState } from './state.js';

/**
 * Notes whether the gradient has become small. A model owner sees no loss, only gradients, and a small one says that
 * there is little left to gain. Nothing is judged before every subset was used once.
 */
export function watchGradient(
  state: TrainerState,
  rule: TrainingProgram['earlyStopping'],
  subsetRows: readonly number[],
): TrainerState {
  if (rule === undefined || state.memory.includes(null)) return state;
  const length = norm(rememberedGradient(usedSubsets(state.memory, subsetRows), state.weights.length));
  const firstGradientNorm = state.firstGradientNorm === 0 ? length : state.firstGradientNorm;
  const calmRounds = length <= rule.tolerance * firstGradientNorm ? state.calmRounds + 1 : 0;
  return { ...state, firstGradientNorm, calmRounds, finished: state.finished || calmRounds >= rule.patience };
}
