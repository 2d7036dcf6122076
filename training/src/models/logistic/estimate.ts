import { addOuter, addTo, dot, multiply, scaledIdentity } from '../../optimisers/vectors.js';
import type { SurrogateJet, SurrogateLoss } from './subsetLoss.js';

/** A subset in the estimate. */
export interface WeightedSubset {
  /** Of the rows of all subsets used so far. */
  readonly share: number;
  readonly loss: SurrogateLoss;
  /** E x·xᵀ with a 1 behind x, row-major. */
  readonly second: readonly number[];
}

/**
 * Root mean square of the log-odds over the rows from which on an estimate charges for their length. Most probabilities are
 * then within e^-10 of 0 or 1: on tables that can be separated more would only go on for ever.
 */
export const MAX_SPREAD = 10;

/**
 * What a model owner can say of the loss of a model: the surrogates of the subsets that were used so far, weighted by
 * their rows, and the ridge penalty. Never negative. Weights are those of the features, then the intercept.
 */
export class LossEstimate {
  readonly #subsets: readonly WeightedSubset[];
  readonly #lambda: number;
  /** E x·xᵀ over all subsets used so far: wᵀ·metric·w is the mean square of the log-odds. */
  readonly metric: readonly number[];

  constructor(subsets: readonly WeightedSubset[], size: number, lambda: number) {
    this.#subsets = subsets;
    this.#lambda = lambda;
    const metric = scaledIdentity(size, 0);
    for (const { share, second } of subsets) addTo(metric, share, second);
    this.metric = metric;
  }

  at(w: readonly number[]): number {
    return this.logLoss(w) + this.#ridge(w) + this.#excess(w) ** 2 / (4 * MAX_SPREAD ** 2);
  }

  /** The log-loss alone, in nats: without ridge and bound. */
  logLoss(w: readonly number[]): number {
    let loss = 0;
    for (const subset of this.#subsets) loss += subset.share * subset.loss.value(w);
    return loss;
  }

  /** Root mean square of the log-odds. */
  spread(w: readonly number[]): number {
    return Math.sqrt(Math.max(0, dot(w, multiply(this.metric, w))));
  }

  /** Value, gradient and Hessian, and the Hessian without corrections, which is positive semidefinite. */
  jet(w: readonly number[]): SurrogateJet {
    const gradient = w.map(() => 0);
    const hessian = scaledIdentity(w.length, 0);
    const convex = scaledIdentity(w.length, 0);
    let value = this.#ridge(w) + this.#excess(w) ** 2 / (4 * MAX_SPREAD ** 2);
    for (const { share, loss } of this.#subsets) {
      const jet = loss.jet(w);
      value += share * jet.value;
      addTo(gradient, share, jet.gradient);
      addTo(hessian, share, jet.hessian);
      addTo(convex, share, jet.convex);
    }
    this.#addBounds(w, gradient, [hessian, convex]);
    return { value, gradient, hessian, convex };
  }

  /** Adds what ridge and bound bring to gradient and Hessians. */
  #addBounds(w: readonly number[], gradient: number[], hessians: readonly number[][]): void {
    const size = w.length;
    const image = multiply(this.metric, w);
    const excess = this.#excess(w) / MAX_SPREAD ** 2;
    addTo(gradient, excess, image);
    for (let i = 0; i < size - 1; i++) gradient[i]! += this.#lambda * w[i]!;
    for (const hessian of hessians) {
      addTo(hessian, excess, this.metric);
      if (excess > 0) addOuter(hessian, 2 / MAX_SPREAD ** 2, image);
      for (let i = 0; i < size - 1; i++) hessian[i * size + i]! += this.#lambda;
    }
  }

  /** By how much the mean square of the log-odds exceeds the bound. */
  #excess(w: readonly number[]): number {
    return Math.max(0, dot(w, multiply(this.metric, w)) - MAX_SPREAD ** 2);
  }

  #ridge(w: readonly number[]): number {
    const weights = w.slice(0, -1);
    return (this.#lambda / 2) * dot(weights, weights);
  }
}
