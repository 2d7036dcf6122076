import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/errors.js';
import { agreementBits, diabetes, mse, prepare } from '../../testing/fixtures.js';
import { evaluateModel, predict } from '../predict.js';
import type { TrainedResult } from '../result.js';
import { toInputUnits, type LinearParameters } from './model.js';

const table = diabetes();
const { template } = prepare(table, 3);
const linear = (parameters: LinearParameters): TrainedResult => ({ family: 'linear', parameters });

describe('linear models', () => {
  it('predict Σ weights · columns + intercept, in input units', () => {
    const small = { values: Float64Array.of(1, 2, 3, 4), rows: 2, features: 2 };
    expect(Array.from(predict(small, linear({ weights: [10, 100], intercept: 1 })))).toEqual([211, 431]);
  });

  it('that are all zero in standardised units predict the mean: the error is the variance', () => {
    const model = toInputUnits(
      Array.from({ length: 10 }, () => 0),
      template,
    );
    expect(model.intercept).toBe(template.statistics.targetMean);
    expect(mse(table, linear(model))).toBeCloseTo(template.statistics.targetScale ** 2, 6);
    const figures = Object.fromEntries(
      evaluateModel(table, linear(model)).map(({ name, value }) => [name, value]),
    );
    expect(figures.rmse).toBeCloseTo(template.statistics.targetScale, 9);
    expect(figures.r2).toBeCloseTo(0, 9);
  });

  it('predict in input units what they predict in standardised ones', () => {
    const standardised = Array.from({ length: 10 }, (_, j) => (j - 4) / 7);
    const { means, scales, targetMean, targetScale } = template.statistics;
    const first = Array.from(table.values.subarray(0, 10));
    const inside = first.reduce(
      (sum, value, j) => sum + (standardised[j]! * (value - means[j]!)) / scales[j]!,
      0,
    );
    expect(predict(table, linear(toInputUnits(standardised, template)))[0]).toBeCloseTo(
      inside * targetScale + targetMean,
      9,
    );
  });

  it('agree in bits', () => {
    const weights = Array.from(
      { length: 10 },
      (_, j) => (template.statistics.targetScale / template.statistics.scales[j]!) * (j === 0 ? 1 : 0.5),
    );
    const model = linear({ weights, intercept: 0 });
    const near = linear({
      weights: weights.map((weight, j) => (j === 3 ? weight * (1 + 2 ** -9) : weight)),
      intercept: 5,
    });
    expect(agreementBits(model, model, template)).toBe(53);
    expect(agreementBits(model, near, template)).toBeCloseTo(10, 6);
  });

  it('must have a weight per feature', () => {
    refusal(() => predict(table, linear({ weights: [1], intercept: 0 })), 'VT7501');
    refusal(() => predict(table, { family: 'linear', parameters: { weights: [1] } }), 'VT7501');
    refusal(() => predict(table, { family: 'forest', parameters: {} }), 'VT7301');
  });
});
