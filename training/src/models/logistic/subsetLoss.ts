import { at } from '../../numbers.js';
import { addOuter, addScaled, addTo, dot, multiply, scaled } from '../../optimisers/vectors.js';
import type { ClassMixture, ClassPart } from './classMixture.js';
import { correctedLoss } from './correction.js';
import { normalMeans } from './normalMeans.js';
import { addSymmetric, type CubicForm } from './thirdMoments.js';

/** A function of the weights at one point: value, gradient and Hessian. */
export interface Jet {
  readonly value: number;
  readonly gradient: readonly number[];
  /** Row-major. */
  readonly hessian: readonly number[];
}

/** The least variance within classes: a smaller one is rounding. */
const MIN_VARIANCE = 1e-12;

/**
 * What the model owner takes for the log-loss of a subset. Within each class z = w·x is taken for normal, so that the loss is an
 * integral over two normal laws; it is convex in w. The mean of softplus(z) over the subset differs from that of the mixture by the
 * third moment that the mixture lacks, times E softplus‴(z)/6 (the first term of an Edgeworth series, Kolassa 2006,
 * chapter 3).
 */
export class SubsetLoss {
  readonly #mixture: ClassMixture;
  readonly #skew: CubicForm | undefined;

  constructor(mixture: ClassMixture, skew: CubicForm | undefined) {
    this.#mixture = mixture;
    this.#skew = skew;
  }

  value(w: readonly number[]): number {
    const parts = this.#look(w);
    const loss = lossOf(parts);
    const skew = this.#skew;
    return skew === undefined ? loss : correctedLoss(loss, coefficientOf(parts) * skew.value(w)).value;
  }

  /** Value and derivatives; `convex` is those of the mixture alone, whose Hessian is positive semidefinite. */
  jets(w: readonly number[]): { whole: Jet; convex: Jet } {
    const parts = this.#look(w);
    const convex = this.#mixtureJet(parts, w);
    const skew = this.#skew;
    if (skew === undefined) return { whole: convex, convex };
    return { whole: this.#corrected(convex, this.#extra(parts, skew, w)), convex };
  }

  #look(w: readonly number[]): LookedPart[] {
    const spread = multiply(this.#mixture.within, w);
    const deviation = Math.sqrt(Math.max(dot(w, spread), MIN_VARIANCE));
    return this.#mixture.parts.map((part) => {
      const z = dot(part.mean, w);
      return { ...part, z, spread, orders: normalMeans(z, deviation) };
    });
  }

  #mixtureJet(parts: readonly LookedPart[], w: readonly number[]): Jet {
    const { gradient, hessian } = this.#meansOf(parts, 0, w.length);
    for (const { share, label, mean } of parts) if (label === 1) addTo(gradient, -share, mean);
    return { value: lossOf(parts), gradient, hessian };
  }

  /** The correction before it is bounded: a·T. */
  #extra(parts: readonly LookedPart[], skew: CubicForm, w: readonly number[]): Jet {
    const of = this.#meansOf(parts, 3, w.length);
    const a = { value: of.value / 6, gradient: scaled(1 / 6, of.gradient), hessian: of.hessian };
    const value = skew.value(w);
    const gradient = skew.gradient(w);
    const hessian = a.hessian.map((entry) => (entry * value) / 6);
    addSymmetric(hessian, 1, a.gradient, gradient);
    skew.addHessian(hessian, a.value, w);
    return {
      value: a.value * value,
      gradient: addScaled(scaled(value, a.gradient), a.value, gradient),
      hessian,
    };
  }

  /**
   * Σ share · E f(z) with f the derivative of softplus of some order, and its derivatives in w: z has mean·w for a mean and
   * wᵀCw for a variance, and d E f / d variance = E f″ / 2.
   */
  #meansOf(
    parts: readonly LookedPart[],
    order: number,
    size: number,
  ): { value: number; gradient: number[]; hessian: number[] } {
    let value = 0;
    const gradient = new Array<number>(size).fill(0);
    const hessian = new Array<number>(size * size).fill(0);
    for (const { share, mean, spread, orders } of parts) {
      const f = (above: number): number => share * at(orders, order + above);
      value += f(0);
      addTo(gradient, f(1), mean);
      addTo(gradient, f(2), spread);
      addTo(hessian, f(2), this.#mixture.within);
      addOuter(hessian, f(2), mean);
      addSymmetric(hessian, f(3), mean, spread);
      addOuter(hessian, f(4), spread);
    }
    return { value, gradient, hessian };
  }

  #corrected(loss: Jet, extra: Jet): Jet {
    const { value, byLoss, byExtra, curvature } = correctedLoss(loss.value, extra.value);
    const gradient = addScaled(scaled(byLoss, loss.gradient), byExtra, extra.gradient);
    const hessian = addScaled(scaled(byLoss, loss.hessian), byExtra, extra.hessian);
    const share = loss.value > 0 ? extra.value / loss.value : 0;
    addOuter(hessian, curvature, addScaled(extra.gradient, -share, loss.gradient));
    return { value, gradient, hessian };
  }
}

interface LookedPart extends ClassPart {
  /** Mean of z. */
  readonly z: number;
  /** Covariance within classes times w. */
  readonly spread: readonly number[];
  /** Means of softplus and its derivatives. */
  readonly orders: readonly number[];
}

function lossOf(parts: readonly LookedPart[]): number {
  let loss = 0;
  for (const { share, label, z, orders } of parts) loss += share * (at(orders, 0) - label * z);
  return Math.max(loss, 0);
}

function coefficientOf(parts: readonly LookedPart[]): number {
  return parts.reduce((sum, { share, orders }) => sum + share * at(orders, 3), 0) / 6;
}
