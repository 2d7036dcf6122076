import { addOuter, addTo, dot, multiply, scaled } from '../../optimisers/vectors.js';
import type { ClassMixture } from './classMixture.js';
import { correctedBy, mixtureSeries, THIRD, VARIANCE } from './mixtureSeries.js';
import { Series } from './series.js';
import { addSymmetric, type CubicForm } from './thirdMoments.js';

/** A function of the weights at one point: value, gradient and Hessian. */
export interface Jet {
  readonly value: number;
  readonly gradient: readonly number[];
  /** Row-major. */
  readonly hessian: readonly number[];
}

/** Value and derivatives; `convex` is the Hessian before corrections, which is positive semidefinite. */
export interface SurrogateJet extends Jet {
  /** Row-major. */
  readonly convex: readonly number[];
}

/** What a model owner takes for the log-loss of a subset, as a function of the weights. Never negative. */
export interface SurrogateLoss {
  value(w: readonly number[]): number;
  jet(w: readonly number[]): SurrogateJet;
}

/** The least variance within classes: a smaller one is rounding. */
export const MIN_VARIANCE = 1e-12;

/** A subset's loss as a function of a few figures of z, and these at some weights. */
interface Look {
  /** Of normal classes. */
  readonly loss: Series;
  /** Corrected by third moments. */
  readonly whole: Series;
  /** Covariance within classes times the weights. */
  readonly spread: readonly number[];
}

/**
 * What the model owner takes for the log-loss of a subset. Within each class z = w·x is taken for normal, with the class's mean
 * and one variance: the loss of that is an integral over two normal laws, and convex in w. What the subset's third moment has beside
 * theirs corrects it (see `mixtureSeries`), by at most a half. So it is never negative.
 */
export class SubsetLoss implements SurrogateLoss {
  readonly #mixture: ClassMixture;
  readonly #skew: CubicForm | undefined;

  constructor(mixture: ClassMixture, skew: CubicForm | undefined) {
    this.#mixture = mixture;
    this.#skew = skew;
  }

  value(w: readonly number[]): number {
    return Math.max(0, this.#look(w).whole.value);
  }

  jet(w: readonly number[]): SurrogateJet {
    const { loss, whole, spread } = this.#look(w);
    const slopes = this.#slopes(w, spread);
    const gradient = w.map(() => 0);
    slopes.forEach((slope, i) => void addTo(gradient, whole.first(i), slope));
    const { within } = this.#mixture;
    const hessian = chained(whole, slopes, within);
    this.#skew?.addHessian(hessian, whole.first(THIRD), w);
    return { value: Math.max(0, whole.value), gradient, hessian, convex: chained(loss, slopes, within) };
  }

  #look(w: readonly number[]): Look {
    const { parts, within } = this.#mixture;
    const spread = multiply(within, w);
    const variance = Math.max(dot(w, spread), MIN_VARIANCE);
    const scores = parts.map(({ share, label, mean }) => ({ share, label, z: dot(mean, w) }));
    const { loss, cubic } = mixtureSeries(scores, variance);
    if (cubic === undefined || this.#skew === undefined) return { loss, whole: loss, spread };
    const third = Series.variable(THIRD, this.#skew.value(w));
    return { loss, whole: correctedBy(loss, cubic.times(third)), spread };
  }

  /** Gradients in w of the variables of the series: class means, variance, third moment. */
  #slopes(w: readonly number[], spread: readonly number[]): readonly (readonly number[])[] {
    const [one, other] = this.#mixture.parts.map(({ mean }) => mean);
    const none = w.map(() => 0);
    return [one ?? none, other ?? none, scaled(2, spread), this.#skew?.gradient(w) ?? none];
  }
}

/** The chain rule's second derivative in w, but for that of the third moment. @param slopes gradients in w of the variables */
export function chained(
  of: Series,
  slopes: readonly (readonly number[])[],
  within: readonly number[],
): number[] {
  const hessian = within.map((entry) => 2 * of.first(VARIANCE) * entry);
  slopes.forEach((slope, i) => {
    addOuter(hessian, of.second(i, i), slope);
    for (let j = 0; j < i; j++) addSymmetric(hessian, of.second(i, j), slope, slopes[j] ?? []);
  });
  return hessian;
}
