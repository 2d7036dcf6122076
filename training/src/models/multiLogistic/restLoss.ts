import { addOuter, addScaled, addTo, dot, multiply, scaled } from '../../optimisers/vectors.js';
import type { ClassMixture } from '../logistic/classMixture.js';
import { correctedBy, mixtureSeries, THIRD } from '../logistic/mixtureSeries.js';
import { meanSoftplus, normalMeans } from '../logistic/normalMeans.js';
import { Series } from '../logistic/series.js';
import {
  chained,
  MIN_VARIANCE,
  type Jet,
  type SurrogateJet,
  type SurrogateLoss,
} from '../logistic/subsetLoss.js';
import { addSymmetric, type CubicForm } from '../logistic/thirdMoments.js';

/**
 * What the model owner takes for the log-loss of one class against the rest in a subset. z = w·x is normal within each of the
 * classes, with one variance: the loss of that is a sum of integrals over normal laws, and convex in w. What the subset's third
 * moment has beside theirs corrects it, by the coefficient of z³ for two classes, this one and the rest (see `mixtureSeries`); by
 * at most a half. So it is never negative.
 */
export class RestLoss implements SurrogateLoss {
  readonly #mixture: ClassMixture;
  readonly #pair: ClassMixture;
  readonly #skew: CubicForm | undefined;

  /** @param mixture a part for each class @param pair one for the class, one for the rest */
  constructor(mixture: ClassMixture, pair: ClassMixture, skew: CubicForm | undefined) {
    this.#mixture = mixture;
    this.#pair = pair;
    this.#skew = skew;
  }

  value(w: readonly number[]): number {
    const { parts, within } = this.#mixture;
    const deviation = Math.sqrt(Math.max(dot(w, multiply(within, w)), MIN_VARIANCE));
    let loss = 0;
    for (const { share, label, mean } of parts) {
      const z = dot(mean, w);
      loss += share * (meanSoftplus(z, deviation) - label * z);
    }
    const extra = this.#skew && this.#correction(w, this.#skew)?.value;
    return Math.max(0, extra === undefined ? loss : corrected(loss, extra).value);
  }

  jet(w: readonly number[]): SurrogateJet {
    const loss = this.#normalJet(w);
    const extra = this.#skew && this.#correctionJet(w, this.#skew);
    if (extra === undefined) return { ...loss, value: Math.max(0, loss.value), convex: loss.hessian };
    const whole = corrected(loss.value, extra.value);
    const gradient = addScaled(scaled(whole.first(0), loss.gradient), whole.first(1), extra.gradient);
    const hessian = addScaled(scaled(whole.first(0), loss.hessian), whole.first(1), extra.hessian);
    addOuter(hessian, whole.second(0, 0), loss.gradient);
    addOuter(hessian, whole.second(1, 1), extra.gradient);
    addSymmetric(hessian, whole.second(0, 1), loss.gradient, extra.gradient);
    return { value: Math.max(0, whole.value), gradient, hessian, convex: loss.hessian };
  }

  /** Of normal classes. dE f/d mean = E f′, dE f/d variance = E f″/2. */
  #normalJet(w: readonly number[]): Jet {
    const { parts, within } = this.#mixture;
    const spread = multiply(within, w);
    const deviation = Math.sqrt(Math.max(dot(w, spread), MIN_VARIANCE));
    const gradient = w.map(() => 0);
    const hessian = within.map(() => 0);
    const mixed = w.map(() => 0);
    let value = 0;
    let curvature = 0;
    let fourth = 0;
    for (const { share, label, mean } of parts) {
      const z = dot(mean, w);
      const means = normalMeans(z, deviation);
      value += share * (means[0]! - label * z);
      addTo(gradient, share * (means[1]! - label), mean);
      addOuter(hessian, share * means[2]!, mean);
      addTo(mixed, share * means[3]!, mean);
      curvature += share * means[2]!;
      fourth += share * means[4]!;
    }
    addTo(gradient, curvature, spread);
    addTo(hessian, curvature, within);
    addSymmetric(hessian, 1, mixed, spread);
    addOuter(hessian, fourth, spread);
    return { value, gradient, hessian };
  }

  /** The coefficient of z³ times the excess third moment; undefined where rounding leaves nothing of it. */
  #correction(w: readonly number[], skew: CubicForm): Series | undefined {
    const { parts, within } = this.#pair;
    const variance = Math.max(dot(w, multiply(within, w)), MIN_VARIANCE);
    const scores = parts.map(({ share, label, mean }) => ({ share, label, z: dot(mean, w) }));
    const { cubic } = mixtureSeries(scores, variance);
    return cubic?.times(Series.variable(THIRD, skew.value(w)));
  }

  #correctionJet(w: readonly number[], skew: CubicForm): Jet | undefined {
    const series = this.#correction(w, skew);
    if (series === undefined) return undefined;
    const { parts, within } = this.#pair;
    const none = w.map(() => 0);
    const [one, other] = parts.map(({ mean }) => mean);
    const slopes = [one ?? none, other ?? none, scaled(2, multiply(within, w)), skew.gradient(w)];
    const gradient = w.map(() => 0);
    slopes.forEach((slope, i) => void addTo(gradient, series.first(i), slope));
    const hessian = chained(series, slopes, within);
    skew.addHessian(hessian, series.first(THIRD), w);
    return { value: series.value, gradient, hessian };
  }
}

/** A function of the loss (variable 0) and what corrects it (variable 1). */
function corrected(loss: number, extra: number): Series {
  return correctedBy(Series.variable(0, loss), Series.variable(1, extra));
}
