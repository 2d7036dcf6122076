import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/errors.js';
import {
  binaryTable,
  labelledRows,
  randomDraws,
  splitForLogistic,
  trainLogistic,
} from '../../testing/logistic.js';
import { dot } from '../../optimisers/vectors.js';
import { classesOf } from '../predict.js';
import type { ModelParameters } from '../result.js';
import { chooseLogisticHead, logisticHeadSchema } from './head.js';
import { logistic } from './index.js';
import { toInputUnits } from './model.js';
import { sigmoid } from './softplus.js';

const table = binaryTable('noisy', 3, 5);
const split = splitForLogistic(table, 2);
const { template } = split;
const head = logisticHeadSchema.parse(chooseLogisticHead({}));

describe('a logistic model', () => {
  it('predicts in input units what it predicts in standardised ones: the probability of the second class', () => {
    const { state } = trainLogistic(split, head, randomDraws(3, 2, 2, 'model')).at(-1)!;
    const parameters = logistic.parameters(state, template, null);
    const predict = logistic.predictor(parameters, 3);
    labelledRows(table, template).rows.forEach((row, place) => {
      const inside = sigmoid(dot(row, state.weights));
      expect(predict(table.values.subarray(3 * place, 3 * place + 3))).toBeCloseTo(inside, 12);
    });
    expect(parameters.classes).toEqual([0, 1]);
  });

  it('has classes, of which the likelier one is predicted', () => {
    const parameters: ModelParameters = { weights: [1], intercept: 0, classes: [2, -3.5] };
    const model = { family: 'logistic', parameters };
    expect(classesOf(model, [0.49, 0.5])).toEqual({ classes: [2, -3.5], predictedClasses: [2, -3.5] });
    expect(classesOf({ family: 'linear', parameters: { weights: [1], intercept: 0 } }, [1])).toBeUndefined();
  });

  it('begins with the share of the classes, whatever the row', () => {
    const parameters = logistic.parameters(logistic.firstState(template, head), template, null);
    const share = template.statistics.targetMean;
    expect(logistic.predictor(parameters, 3)([9, -9, 0])).toBeCloseTo(share, 12);
  });

  it('keeps so many bits of its standardised numbers as it is told', () => {
    const rough = logistic.parameters(
      { ...logistic.firstState(template, head), weights: [0.3, -0.3, 0, 0.3] },
      template,
      2,
    );
    expect(rough).toEqual(toInputUnits([0.25, -0.25, 0, 0.25], [0, 1], template));
  });

  it('must have a weight for each feature, an intercept and classes', () => {
    const parameters: ModelParameters = { weights: [1], intercept: 0, classes: [0, 1] };
    refusal(() => logistic.predictor(parameters, 2), 'VT7501');
    refusal(() => logistic.predictor({ weights: [1], intercept: 0 }, 1), 'VT7501');
    refusal(() => logistic.predictor({ ...parameters, classes: [1] }, 1), 'VT7501');
  });
});

describe('the classes', () => {
  const doubled = { ...table, targets: table.targets.map((target) => (target === 1 ? -3.5 : 2)) };

  it('are any two numbers: the model of renamed classes is the same', () => {
    const renamed = logisticHeadSchema.parse(chooseLogisticHead({ classes: [2, -3.5] }));
    const draws = randomDraws(4, 2, 2, 'classes');
    const other = trainLogistic(splitForLogistic(doubled, 2), renamed, draws, 0).at(-1)!.state;
    const { state } = trainLogistic(split, head, draws, 0).at(-1)!;
    other.weights.forEach((weight, i) => expect(weight).toBeCloseTo(state.weights[i]!, 6));
    const parameters = logistic.parameters(other, template, null);
    expect(logistic.metrics([0.5, 0.5], [2, -3.5], parameters).at(-2)).toEqual({
      name: 'accuracy',
      value: 0.5,
    });
  });

  it('that a dataset cannot have are refused before the first round', () => {
    const { code, facts } = refusal(
      () => logistic.firstState(splitForLogistic(doubled, 2).template, head),
      'VT7014',
    );
    expect([code, facts.column]).toEqual(['VT7014', 'y']);
    const third = { ...table, targets: table.targets.map((target, row) => (row === 0 ? 0.5 : target)) };
    refusal(() => logistic.firstState(splitForLogistic(third, 2).template, head), 'VT7014');
  });

  it('are those that figures are made of', () => {
    const parameters: ModelParameters = { weights: [1], intercept: 0, classes: [0, 1] };
    refusal(() => logistic.metrics([0.5], [2], parameters), 'VT7014');
  });

  it('differ', () => {
    expect(logisticHeadSchema.safeParse(chooseLogisticHead({ classes: [1, 1] })).success).toBe(false);
    for (const choice of [{ lambda: 0 }, { degree: 3 }, { radius: 100 }])
      expect(logisticHeadSchema.safeParse({ ...chooseLogisticHead({}), ...choice }).success).toBe(false);
  });
});
