import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/errors.js';
import { classProbabilities, evaluateModel, evaluateSeveralClasses, predict } from './predict.js';
import type { TrainedResult } from './result.js';
import {
  classProbabilityMetrics,
  confusionOf,
  figuresOf,
  likeliest,
  likeliestCalibration,
  placesOf,
} from './severalClasses.js';

/** Four rows of classes 0, 1, 2, 1. */
const probabilities = [0.7, 0.2, 0.1, 0.5, 0.3, 0.2, 0.1, 0.2, 0.7, 0.2, 0.6, 0.2];
const places = [0, 1, 2, 1];

describe('figures of several classes', () => {
  it('are what their definitions say', () => {
    const logLoss = -(2 * Math.log(0.7) + Math.log(0.3) + Math.log(0.6)) / 4;
    // F1: 2/3, 2/3, 1. AUC: class 0 beats 0.5, 0.1, 0.2; class 1 has 0.3 and 0.6 against 0.2 and 0.2; class 2 beats all.
    expect(classProbabilityMetrics(probabilities, places, 3)).toEqual([
      { name: 'logLoss', value: expect.closeTo(logLoss, 12) as number },
      { name: 'macroAuc', value: 1 },
      { name: 'accuracy', value: 0.75 },
      { name: 'macroF1', value: expect.closeTo((2 / 3 + 2 / 3 + 1) / 3, 12) as number },
    ]);
    const confusion = confusionOf(likeliest(probabilities, 3), places, 3);
    expect(confusion).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(figuresOf(confusion, places)[1]).toEqual({
      rows: 2,
      precision: 1,
      recall: 0.5,
      f1: 2 / 3,
      auc: null,
    });
    expect(likeliestCalibration(probabilities, places, 3).map(({ observed }) => observed)).toEqual([
      0, 1, 1, 1,
    ]);
  });

  it('leave out what a class without rows does not have', () => {
    const one = [0, 0, 0, 0];
    const confusion = confusionOf(one, one, 3);
    expect(figuresOf(confusion, one, probabilities).map(({ auc }) => auc)).toEqual([null, null, null]);
    expect(figuresOf(confusion, one)[2]).toEqual({
      rows: 0,
      precision: null,
      recall: null,
      f1: null,
      auc: null,
    });
    const names = classProbabilityMetrics(probabilities, one, 3).map(({ name }) => name);
    expect(names).toEqual(['logLoss', 'accuracy', 'macroF1']);
  });

  it('need targets that are classes', () => {
    expect([...placesOf([3, 5, 9], [9, 3, 5])]).toEqual([2, 0, 1]);
    expect(refusal(() => placesOf([3, 5, 9], [9, 4]), 'VT7014').facts).toEqual({ row: 3, classes: 3 });
  });
});

describe('a model of several classes', () => {
  const model: TrainedResult = {
    family: 'multiLogistic',
    parameters: { classes: [1, 2, 5], weights: [2, 0, 0, 2, -2, -2], intercepts: [0, 0, 0] },
  };
  const table = {
    values: Float64Array.of(1, 0, 0, 1, -1, -1, 1e6, 1e6, -1e6, -1e6),
    rows: 5,
    features: 2,
    targets: Float64Array.of(1, 2, 5, 1, 5),
  };

  it('gives probabilities that add up to 1, far from all rows too, and predicts the likeliest', () => {
    const { classes, probabilities: said } = classProbabilities(table, model)!;
    expect(classes).toEqual([1, 2, 5]);
    for (let row = 0; row < table.rows; row++)
      expect(said.subarray(3 * row, 3 * row + 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    expect(said[0]).toBeCloseTo(sigmoid(2) / (sigmoid(2) + sigmoid(0) + sigmoid(-2)), 12);
    expect([...predict(table, model)]).toEqual([1, 2, 5, 1, 5]);
  });

  it('is told class by class', () => {
    const said = evaluateSeveralClasses(table, model)!;
    expect(said.confusion).toEqual([
      [2, 0, 0],
      [0, 1, 0],
      [0, 0, 2],
    ]);
    expect(said.figures.map(({ rows }) => rows)).toEqual([2, 1, 2]);
    expect(said.calibration).toHaveLength(5);
    expect(said.roc!.map((curve) => [curve[0], curve.at(-1)])).toEqual(
      [1, 2, 5].map(() => [
        { falsePositives: 0, truePositives: 0 },
        { falsePositives: 1, truePositives: 1 },
      ]),
    );
    // All rows are told right, so each curve has a point where all of the class are found and no other.
    for (const curve of said.roc!) expect(curve).toContainEqual({ falsePositives: 0, truePositives: 1 });
    expect(evaluateModel(table, model).map(({ name }) => name)).toEqual([
      'logLoss',
      'macroAuc',
      'accuracy',
      'macroF1',
    ]);
    refusal(() => evaluateModel({ ...table, targets: Float64Array.of(1, 2, 3, 1, 5) }, model), 'VT7014');
  });

  it('without probabilities is told without what follows from them', () => {
    const ridge: TrainedResult = {
      family: 'ridgeClassifier',
      parameters: { ...model.parameters, means: [0, 0], scales: [1, 1] },
    };
    const said = evaluateSeveralClasses(table, ridge)!;
    expect(said.calibration).toBeNull();
    expect(said.roc).toBeNull();
    expect(said.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(classProbabilities(table, ridge)).toBeUndefined();
    const linear: TrainedResult = { family: 'linear', parameters: { weights: [1, 1], intercept: 0 } };
    expect(evaluateSeveralClasses(table, linear)).toBeUndefined();
  });

  it('with other numbers than it should have is refused', () => {
    for (const wrong of [{ weights: [1] }, { intercepts: [1] }, { classes: [1, 2] }, { classes: [2, 1, 5] }])
      refusal(() => predict(table, { ...model, parameters: { ...model.parameters, ...wrong } }), 'VT7501');
  });
});
