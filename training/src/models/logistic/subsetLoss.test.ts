import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, dot, multiply, norm, solveDefinite } from '../../optimisers/vectors.js';
import type { ClassMixture } from './classMixture.js';
import { LossEstimate, MAX_SPREAD } from './estimate.js';
import { mixtureSeries } from './mixtureSeries.js';
import { softplus, softplusDerivatives } from './softplus.js';
import { SubsetLoss } from './subsetLoss.js';
import { skewOf } from './thirdMoments.js';

const size = 4;
const entry = fc.double({ min: -1, max: 1, noNaN: true });
const vectors = fc.array(entry, { minLength: size - 1, maxLength: size - 1 });

/** Mixtures of one or two classes with a covariance that is not near singular, weights, and a reply. */
const cases = fc
  .record({
    share: fc.constantFrom(0, 0.02, 0.3, 0.8),
    means: fc.tuple(vectors, vectors),
    factor: fc.array(entry, { minLength: 9, maxLength: 9 }),
    point: vectors,
    thirds: vectors,
    // At weights of 0 third derivatives depend on the direction.
    weights: vectors.filter((weights) => norm(weights) > 0.1),
    intercept: fc.double({ min: -3, max: 3, noNaN: true }),
    length: fc.constantFrom(0.3, 1, 4, 12),
  })
  .map(({ share, means: [one, other], factor, point, thirds, weights, intercept, length }) => {
    const parts =
      share === 0
        ? [{ share: 1, label: 0 as const, mean: [...other, 1] }]
        : [
            { share, label: 1 as const, mean: [...one, 1] },
            { share: 1 - share, label: 0 as const, mean: [...other, 1] },
          ];
    const within = Array.from({ length: size * size }, (_, place) => {
      const [i, j] = [Math.floor(place / size), place % size];
      if (i === size - 1 || j === size - 1) return 0;
      let sum = i === j ? 0.2 : 0;
      for (let k = 0; k < 3; k++) sum += factor[i * 3 + k]! * factor[j * 3 + k]!;
      return sum;
    });
    const second = within.map((entryOf, place) => {
      const [i, j] = [Math.floor(place / size), place % size];
      return parts.reduce((sum, part) => sum + part.share * part.mean[i]! * part.mean[j]!, entryOf);
    });
    const mixture: ClassMixture = { parts, within, second };
    const w = [...weights.map((weight) => weight * length), intercept];
    return { mixture, asked: { point: point.map((value) => value + 0.5), thirds }, w };
  });

/** Relative to the size of what is compared. */
function expectNear(found: number, expected: number, scale: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-5 * (1 + scale));
}

function checkDerivatives(
  of: { value(w: readonly number[]): number; gradient(w: readonly number[]): readonly number[] },
  hessian: readonly number[],
  w: readonly number[],
): void {
  const step = 1e-5;
  const gradient = of.gradient(w);
  const scale = Math.max(...gradient.map(Math.abs), ...hessian.map(Math.abs));
  w.forEach((_, i) => {
    const along = w.map((_unused, j) => (i === j ? 1 : 0));
    const [up, down] = [addScaled(w, step, along), addScaled(w, -step, along)];
    expectNear((of.value(up) - of.value(down)) / (2 * step), gradient[i]!, scale);
    const [high, low] = [of.gradient(up), of.gradient(down)];
    w.forEach((_unused, j) => expectNear((high[j]! - low[j]!) / (2 * step), hessian[i * size + j]!, scale));
  });
}

describe('the loss of a subset', () => {
  it('has the gradient and the Hessian that it says it has', () => {
    fc.assert(
      fc.property(cases, ({ mixture, asked, w }) => {
        const loss = new SubsetLoss(mixture, skewOf(mixture, asked));
        const of = {
          value: (at: readonly number[]) => loss.value(at),
          gradient: (at: readonly number[]) => loss.jet(at).gradient,
        };
        checkDerivatives(of, loss.jet(w).hessian, w);
        expect(loss.jet(w).value).toBe(loss.value(w));
      }),
      { numRuns: 60 },
    );
  });

  it('is convex without third moments, and never less than half or more than one and a half of that with them', () => {
    fc.assert(
      fc.property(cases, vectors, ({ mixture, asked, w }, direction) => {
        const convex = new SubsetLoss(mixture, undefined);
        const d = [...direction, 0.5];
        expect(dot(d, multiply(convex.jet(w).hessian, d))).toBeGreaterThan(-1e-9);
        const whole = new SubsetLoss(
          mixture,
          skewOf(mixture, { ...asked, thirds: asked.thirds.map((t) => 100 * t) }),
        );
        const share = whole.value(w) / convex.value(w);
        expect(share).toBeGreaterThanOrEqual(0.5 - 1e-9);
        expect(share).toBeLessThanOrEqual(1.5 + 1e-9);
      }),
    );
  });

  it('is the mean log-loss of normal classes', () => {
    const parts = [
      { share: 0.3, label: 1 as const, z: 0.7 },
      { share: 0.7, label: 0 as const, z: -1.1 },
    ];
    for (const deviation of [0.01, 1, 6, 40]) {
      let sum = 0;
      const nodes = 400_000;
      for (let node = 0; node < nodes; node++) {
        const u = -9 + (18 * (node + 0.5)) / nodes;
        const density = (Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI)) * (18 / nodes);
        for (const { share, label, z } of parts)
          sum += share * density * softplus((label === 1 ? -1 : 1) * (z + deviation * u));
      }
      expect(mixtureSeries(parts, deviation ** 2).loss.value).toBeCloseTo(sum, 8);
    }
  });

  it('takes third moments by the coefficient of z³ in the least-squares cubic for softplus', () => {
    const parts = [
      { share: 0.2, label: 1 as const, z: 1.4 },
      { share: 0.8, label: 0 as const, z: -0.6 },
    ];
    const deviation = 0.9;
    const matrix = new Array<number>(16).fill(0);
    const right = new Array<number>(4).fill(0);
    for (let u = -9; u <= 9; u += 0.01) {
      for (const { share, z } of parts) {
        const score = z + deviation * u;
        const weight = share * Math.exp((-u * u) / 2);
        for (let i = 0; i < 4; i++) {
          right[i]! += weight * score ** i * softplus(score);
          for (let j = 0; j < 4; j++) matrix[4 * i + j]! += weight * score ** (i + j);
        }
      }
    }
    const expected = solveDefinite(matrix, right)![3]!;
    expect(mixtureSeries(parts, deviation ** 2).cubic!.value).toBeCloseTo(expected, 9);
  });
});

describe('third moments', () => {
  it('agree with the reply at the point that was asked about, and grow with the cube of the weights', () => {
    fc.assert(
      fc.property(cases, ({ mixture, asked }) => {
        const skew = skewOf(mixture, asked)!;
        const v = [...asked.point, 0.7];
        const none = skewOf(mixture, { ...asked, thirds: asked.thirds.map(() => 0) })!;
        // The mixture is the same for both replies, so it falls out of the difference.
        const cube = dot(asked.thirds, asked.point);
        expect(skew.value(v) - none.value(v)).toBeCloseTo(cube, 9);
        const slope = skew.gradient(v).map((value, i) => value - none.gradient(v)[i]!);
        asked.thirds.forEach((third, i) => expect(slope[i]).toBeCloseTo(3 * third, 8));
        expect(skew.value(v.map((value) => 2 * value))).toBeCloseTo(8 * skew.value(v), 8);
      }),
    );
  });

  it('of a mixture itself are none', () => {
    const mixture: ClassMixture = {
      parts: [{ share: 1, label: 0, mean: [0.5, 1] }],
      within: [2, 0, 0, 0],
      second: [2.25, 0.5, 0.5, 1],
    };
    // E x³ = 0.5³ + 3 · 0.5 · 2 for x ~ N(0.5, 2).
    expect(skewOf(mixture, { point: [1], thirds: [3.125] })!.value([2, 0])).toBeCloseTo(0, 12);
    expect(skewOf(mixture, { point: [0], thirds: [0] })).toBeUndefined();
  });
});

it('derivatives of softplus are those of the one before', () => {
  for (const z of [-20, -3, -0.4, 0, 1.7, 8]) {
    const derivatives = softplusDerivatives(z);
    const [up, down] = [softplusDerivatives(z + 1e-5), softplusDerivatives(z - 1e-5)];
    derivatives.slice(1).forEach((derivative, order) => {
      expect((up[order]! - down[order]!) / 2e-5).toBeCloseTo(derivative, 7);
    });
  }
});

it('an estimate charges for log-odds beyond its bound, smoothly', () => {
  const mixture: ClassMixture = {
    parts: [{ share: 1, label: 0, mean: [0, 0, 0, 1] }],
    within: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    second: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  };
  const subset = { share: 1, loss: new SubsetLoss(mixture, undefined), second: mixture.second };
  const estimate = new LossEstimate([subset], size, 1e-3);
  for (const factor of [0.5, 1.3]) {
    const w = [0.6, 0, 0, -0.8].map((value) => value * factor * MAX_SPREAD);
    expect(estimate.spread(w)).toBeCloseTo(factor * MAX_SPREAD, 9);
    const of = {
      value: (at: readonly number[]) => estimate.at(at),
      gradient: (at: readonly number[]) => estimate.jet(at).gradient,
    };
    checkDerivatives(of, estimate.jet(w).hessian, w);
  }
});
