import { norm, subtract } from '../../optimisers/vectors.js';
import type { StepFigures } from '../family.js';
import { MAX_SPREAD, type LossEstimate } from './estimate.js';
import { searchWithin } from './search.js';

/** A step that made the model worse by this or more, by what is known now, is taken back. Less is noise. */
const WORSE = 1e-5;
/** Longest and shortest radius, in root mean square of the log-odds. */
const MAX_RADIUS = 8;
const MIN_RADIUS = 1e-3;

/** A model of one logit, and what its next step goes by. */
export interface Standing {
  /** The model: weights, the intercept last. */
  readonly weights: number[];
  /** The model that the last step started from. */
  readonly before: number[];
  /** The model before the first step. */
  readonly first: number[];
  /** Longest next step, in root mean square of the log-odds. */
  readonly radius: number;
}

/** A step within the radius of the best model known, to the minimum of an estimate. @param isNew no step is judged yet */
export function improve(
  estimate: LossEstimate,
  standing: Standing,
  isNew: boolean,
): { readonly moved: Pick<Standing, 'weights' | 'before' | 'radius'>; readonly figures: StepFigures } {
  const judged = (model: number[]): Judged => ({ model, loss: estimate.at(model) });
  const [here, before, first] = [judged(standing.weights), judged(standing.before), judged(standing.first)];
  const stepRefused = !isNew && here.loss > before.loss + WORSE;
  const radius = nextRadius(standing, estimate, stepRefused);
  const best = [here, before, first].reduce((least, one) => (one.loss < least.loss ? one : least));
  const weights = searchWithin(estimate, best.model, radius);
  return {
    moved: { weights, before: best.model, radius },
    figures: { ...figuresAt(estimate, standing, weights), stepRefused },
  };
}

/** Figures of a step to a model. */
export function figuresAt(
  estimate: LossEstimate,
  { weights, first }: Pick<Standing, 'weights' | 'first'>,
  model: readonly number[],
): StepFigures {
  return {
    gradientNorm: norm(estimate.jet(weights).gradient),
    lossEstimate: estimate.at(model) - estimate.at(first),
    boundActive: estimate.spread(model) >= MAX_SPREAD,
    stepRefused: false,
    step: norm(subtract(model, weights)),
  };
}

/** A model and its loss, by the estimate. */
interface Judged {
  readonly model: number[];
  readonly loss: number;
}

function nextRadius({ weights, before, radius }: Standing, estimate: LossEstimate, refused: boolean): number {
  if (refused) return Math.max(MIN_RADIUS, radius / 3);
  const isFull = estimate.spread(subtract(weights, before)) > 0.9 * radius;
  return isFull ? Math.min(MAX_RADIUS, 1.5 * radius) : radius;
}
