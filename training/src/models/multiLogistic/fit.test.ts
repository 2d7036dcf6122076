import { describe, expect, it } from 'vitest';
import { coefficientParameters } from '../../he/ckks/parameters.js';
import { coefficientLayout } from '../../he/circuits/coefficients/layout.js';
import { classTable } from '../../testing/classes.js';
import { randomDraws, trainAndTest } from '../../testing/logistic.js';
import {
  exactClasses,
  headFor,
  modelOf,
  splitForClasses,
  threeClasses,
  trainClasses,
} from '../../testing/multiLogistic.js';
import { queryLength } from '../logistic/lift.js';
import { evaluateModel } from '../predict.js';
import type { TrainedResult } from '../result.js';
import { replyLength } from './map.js';
import { RestLoss } from './restLoss.js';

describe('against the exact fit of each class against the rest', () => {
  it.each([
    ['four classes, 8 columns', classTable(1500, 8), 0.01],
    ['a class between two others', threeClasses('noisy', 2, 3), 0.02],
  ])('%s: as good on new rows after five rounds of three of five subsets', (_, table, apart) => {
    const { train, test } = trainAndTest(table, 'fit');
    const head = headFor(train);
    const split = splitForClasses(train, head, 5);
    const { state } = trainClasses(split, head, randomDraws(5, 5, 3, 'fit')).at(-1)!;
    const figures = (model: TrainedResult): Record<string, number> =>
      Object.fromEntries(evaluateModel(test, model).map(({ name, value }) => [name, value]));
    const ours = figures(modelOf(state, split));
    const exact = figures(exactClasses(train, split, head).model);
    expect(ours.logLoss! - exact.logLoss!).toBeLessThan(apart);
    expect(exact.macroAuc! - ours.macroAuc!).toBeLessThan(apart);
    expect(exact.accuracy! - ours.accuracy!).toBeLessThan(3 * apart);
  });
});

describe('the loss of a class against the rest', () => {
  const within = [1, 0.3, 0, 0.3, 0.8, 0, 0, 0, 0];
  const second = [1.4, 0.2, 0.1, 0.2, 1.1, 0, 0.1, 0, 1];
  const parts = [
    { share: 0.3, label: 1 as const, mean: [0.5, -0.2, 1] },
    { share: 0.5, label: 0 as const, mean: [-0.4, 0.6, 1] },
    { share: 0.2, label: 0 as const, mean: [0.8, 1.1, 1] },
  ];
  const pair = { parts: parts.slice(0, 2), within, second };
  const skew = {
    value: (w: readonly number[]) => 0.3 * w[0]! ** 3,
    gradient: (w: readonly number[]) => [0.9 * w[0]! ** 2, 0, 0],
    addHessian: (matrix: number[], factor: number, w: readonly number[]) => {
      matrix[0]! += factor * 1.8 * w[0]!;
    },
  };
  const w = [0.7, -0.4, 0.2];

  it.each([
    ['of normal classes', undefined],
    ['with third moments', skew],
  ])('has the derivatives that its values have, %s', (_, given) => {
    const loss = new RestLoss({ parts, within, second }, pair, given);
    const { value, gradient, hessian, convex } = loss.jet(w);
    expect(value).toBeCloseTo(loss.value(w), 12);
    const step = 1e-5;
    const moved = (place: number, by: number): number[] => w.with(place, w[place]! + by);
    for (let i = 0; i < 3; i++) {
      const slope = (loss.value(moved(i, step)) - loss.value(moved(i, -step))) / (2 * step);
      expect(gradient[i]).toBeCloseTo(slope, 7);
      const [after, before] = [loss.jet(moved(i, step)), loss.jet(moved(i, -step))];
      for (let j = 0; j < 3; j++) {
        const bend = (after.gradient[j]! - before.gradient[j]!) / (2 * step);
        expect(hessian[3 * i + j]).toBeCloseTo(bend, 6);
      }
    }
    if (given === undefined) expect(hessian).toEqual(convex);
  });
});

it('every ciphertext of a reply holds a number that the set-up foretells, whatever the sizes', () => {
  for (let features = 1; features <= 32; features++) {
    for (let vectors = 3; vectors <= 16; vectors++) {
      const shape = { inputs: queryLength(features, 2), outputs: replyLength(features, 2), vectors };
      const { outputs } = coefficientLayout(coefficientParameters, shape);
      // Numbers take turns, and the last is foretold: so a run has one if it is longer than one, or the last.
      for (let first = 0; first < shape.outputs; first += outputs) {
        const end = Math.min(first + outputs, shape.outputs);
        expect(end - first > 1 || end === shape.outputs).toBe(true);
      }
    }
  }
});
