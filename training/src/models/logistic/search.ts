import {
  addScaled,
  addTo,
  dot,
  multiply,
  scaled,
  solveDefinite,
  subtract,
} from '../../optimisers/vectors.js';
import type { LossEstimate } from './estimate.js';

/** Most Newton steps of one search: they converge quadratically, so that few are made. */
const MAX_STEPS = 40;
/** A step that promises to gain less than this is the last. Replies are no more precise. */
const MIN_GAIN = 1e-9;
/** Halvings of a step that does not bring a tenth of what it promised. */
const MAX_HALVINGS = 30;

/**
 * Where an estimate is least, no further from the start than a radius in root mean square of the log-odds: Newton's steps within
 * the radius (Conn, Gould and Toint 2000, chapter 7). Never worse than the start, by the estimate; the number of steps is bounded.
 */
export function searchWithin(estimate: LossEstimate, start: readonly number[], radius: number): number[] {
  let w = [...start];
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const { value, gradient, hessian, convex } = estimate.jet(w);
    const from = subtract(w, start);
    const model = { gradient, metric: estimate.metric, from, radius };
    const step = stepWithin({ ...model, hessian }) ?? stepWithin({ ...model, hessian: convex });
    if (step === undefined) return w;
    const slope = dot(gradient, step);
    if (!(slope < -MIN_GAIN)) return w;
    const next = descend(estimate, w, { step, slope, value });
    if (next === undefined) return w;
    w = next;
  }
  return w;
}

/** The step, or so many halves of it that the estimate falls by a tenth of what the slope promises. */
function descend(
  estimate: LossEstimate,
  w: readonly number[],
  { step, slope, value }: { step: readonly number[]; slope: number; value: number },
): number[] | undefined {
  let size = 1;
  for (let halvings = 0; halvings < MAX_HALVINGS; halvings++) {
    const next = addScaled(w, size, step);
    if (estimate.at(next) <= value + (size * slope) / 10) return next;
    size /= 2;
  }
  return undefined;
}

interface QuadraticModel {
  readonly gradient: readonly number[];
  readonly hessian: readonly number[];
  readonly metric: readonly number[];
  /** Where the point stands, seen from the centre of the ball. */
  readonly from: readonly number[];
  readonly radius: number;
}

/** Most doublings of the multiplier, and then halvings of the interval that it lies in. */
const MAX_DOUBLINGS = 60;
const BISECTIONS = 20;
const FIRST_MULTIPLIER = 1e-4;

/**
 * The step to the minimum of a quadratic within a ball of the metric: d with (H + μ·M)·d = −(g + μ·M·from), μ the least
 * multiplier that keeps from + d in the ball. Undefined where no multiplier makes the matrix positive definite.
 */
function stepWithin(model: QuadraticModel): number[] | undefined {
  let best = stepInside(model, 0);
  if (best !== undefined) return best;
  let low = 0;
  let high = FIRST_MULTIPLIER;
  for (let tries = 0; tries < MAX_DOUBLINGS && best === undefined; tries++) {
    best = stepInside(model, high);
    if (best === undefined) [low, high] = [high, 2 * high];
  }
  for (let tries = 0; tries < BISECTIONS && best !== undefined; tries++) {
    const middle = (low + high) / 2;
    const step = stepInside(model, middle);
    if (step === undefined) low = middle;
    else [best, high] = [step, middle];
  }
  return best;
}

/** The step of a multiplier, if there is one and it ends in the ball. */
function stepInside(model: QuadraticModel, multiplier: number): number[] | undefined {
  const { metric, from, radius } = model;
  const step = stepAt(model, multiplier);
  if (step === undefined) return undefined;
  const to = addScaled(from, 1, step);
  return dot(to, multiply(metric, to)) <= radius * radius ? step : undefined;
}

function stepAt(
  { gradient, hessian, metric, from }: QuadraticModel,
  multiplier: number,
): number[] | undefined {
  if (multiplier === 0) return solveDefinite(hessian, scaled(-1, gradient));
  const right = addTo(scaled(-1, gradient), -multiplier, multiply(metric, from));
  return solveDefinite(addScaled(hessian, multiplier, metric), right);
}
