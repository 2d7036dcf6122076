import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { diabetes, prepare } from '../testing/fixtures.js';
import { agreementBits, mse, predict, toInputUnits } from './predict.js';

const table = diabetes();
const { template } = prepare(table, 3);

describe('linear models', () => {
  it('predict Σ weights · columns + intercept, in input units', () => {
    const small = { values: Float64Array.of(1, 2, 3, 4), rows: 2, features: 2 };
    expect(Array.from(predict(small, { weights: [10, 100], intercept: 1 }))).toEqual([211, 431]);
  });

  it('that are all zero in standardised units predict the mean: the error is the variance', () => {
    const model = toInputUnits(
      Array.from({ length: 10 }, () => 0),
      template,
    );
    expect(model.intercept).toBe(template.statistics.targetMean);
    expect(mse(table, model)).toBeCloseTo(template.statistics.targetScale ** 2, 6);
  });

  it('predict in input units what they predict in standardised ones', () => {
    const standardised = Array.from({ length: 10 }, (_, j) => (j - 4) / 7);
    const { means, scales, targetMean, targetScale } = template.statistics;
    const first = Array.from(table.values.subarray(0, 10));
    const inside = first.reduce(
      (sum, value, j) => sum + (standardised[j]! * (value - means[j]!)) / scales[j]!,
      0,
    );
    expect(predict(table, toInputUnits(standardised, template))[0]).toBeCloseTo(
      inside * targetScale + targetMean,
      9,
    );
  });

  it('agree in bits', () => {
    const weights = Array.from(
      { length: 10 },
      (_, j) => (template.statistics.targetScale / template.statistics.scales[j]!) * (j === 0 ? 1 : 0.5),
    );
    const model = { weights, intercept: 0 };
    const near = {
      weights: weights.map((weight, j) => (j === 3 ? weight * (1 + 2 ** -9) : weight)),
      intercept: 5,
    };
    expect(agreementBits(model, model, template)).toBe(53);
    expect(agreementBits(model, near, template)).toBeCloseTo(10, 6);
  });

  it('must have a weight per feature', () => {
    refusal(() => mse(table, { weights: [1], intercept: 0 }), 'VT7501');
    refusal(
      () => agreementBits({ weights: [], intercept: 0 }, { weights: [], intercept: 0 }, template),
      'VT7501',
    );
  });
});
