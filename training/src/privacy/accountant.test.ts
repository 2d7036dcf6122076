import { describe, expect, it } from 'vitest';
import { deltaOf, muOf } from './accountant.js';

const ln3 = Math.log(3);

// Google's differential-privacy library, go/noise/gaussian_noise_test.go at 08929816: TestDeltaForGaussian, with sensitivity / sigma
// as mu, and the variances that TestGaussianStatistics expects of the calibrated noise.
const publishedDeltas = [
  { mu: 1 / 10, epsilon: 0.1, delta: 0.00875176814581 },
  { mu: 5 / 10, epsilon: ln3, delta: 0.004159742234000802 },
  { mu: 1, epsilon: ln3, delta: 0.10985556344445052 },
  { mu: 1 / 0.5, epsilon: 0, delta: 0.6826894921370859 },
];
const publishedVariances = [
  { epsilon: ln3, delta: 1e-5, sensitivity: 1, variance: 11.73597717285 },
  { epsilon: ln3, delta: 1e-10, sensitivity: 1, variance: 28.7647857666 },
  { epsilon: 2 * ln3, delta: 1e-10, sensitivity: 1, variance: 7.65948867798 },
  { epsilon: 2 * ln3, delta: 1e-10, sensitivity: 2, variance: 30.637955 },
  { epsilon: 2 * ln3, delta: 1e-10, sensitivity: Math.SQRT2, variance: 15.318977 },
];

describe('the accountant', () => {
  it.each(publishedDeltas)('knows the delta of mu $mu at epsilon $epsilon', ({ mu, epsilon, delta }) => {
    expect(Math.abs(deltaOf(mu, epsilon) - delta)).toBeLessThan(1e-12);
  });

  it.each(publishedVariances)(
    'calibrates noise as others do: epsilon $epsilon, delta $delta, sensitivity $sensitivity',
    ({ epsilon, delta, sensitivity, variance }) => {
      // The other library stops its search within a thousandth above the least noise.
      const own = (sensitivity / muOf(epsilon, delta)) ** 2;
      expect(own).toBeLessThanOrEqual(variance * (1 + 1e-6));
      expect(own).toBeGreaterThan(variance * (1 - 0.003));
    },
  );

  it('inverts itself, over the whole range of terms', () => {
    for (const epsilon of [0.01, 0.1, 1, 3, 8, 30, 100])
      for (const delta of [1e-12, 1e-9, 1e-5, 0.01]) {
        const mu = muOf(epsilon, delta);
        expect(deltaOf(mu, epsilon)).toBeLessThanOrEqual(delta);
        expect(deltaOf(mu, epsilon) / delta).toBeGreaterThan(1 - 1e-6);
        expect(muOf(epsilon * 1.01, delta)).toBeGreaterThan(mu);
      }
  });
});
