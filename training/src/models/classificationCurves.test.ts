import { expect, it } from 'vitest';
import { classCurves } from './classificationCurves.js';

it('the curves of four rows are those that one counts by hand', () => {
  const { roc, calibration, confusion } = classCurves([0.9, 0.6, 0.4, 0.1], [1, 0, 1, 0]);
  expect(roc).toEqual([
    { falsePositives: 0, truePositives: 0 },
    { falsePositives: 0, truePositives: 0.5 },
    { falsePositives: 0.5, truePositives: 0.5 },
    { falsePositives: 0.5, truePositives: 1 },
    { falsePositives: 1, truePositives: 1 },
  ]);
  expect(confusion).toEqual({ truePositives: 1, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 });
  expect(calibration.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
  expect(calibration.at(-1)).toEqual({ predicted: 0.9, observed: 1, rows: 1 });
  expect(calibration[0]).toEqual({ predicted: 0.1, observed: 0, rows: 1 });
});

it('equal probabilities are one threshold', () => {
  expect(classCurves([0.5, 0.5, 0.5], [1, 0, 1]).roc).toEqual([
    { falsePositives: 0, truePositives: 0 },
    { falsePositives: 1, truePositives: 1 },
  ]);
});

it('many rows make at most some hundred points, from corner to corner', () => {
  const rows = 5_000;
  const scores = Float64Array.from({ length: rows }, (_, row) => ((row * 7919) % rows) / rows);
  const labels = scores.map((score, row) => (score > 0.5 || row % 3 === 0 ? 1 : 0));
  const { roc, calibration } = classCurves(scores, labels);
  expect(calibration.map(({ rows: of }) => of)).toEqual(Array.from({ length: 10 }, () => rows / 10));
  expect(roc.length).toBeLessThan(250);
  expect([roc[0], roc.at(-1)]).toEqual([
    { falsePositives: 0, truePositives: 0 },
    { falsePositives: 1, truePositives: 1 },
  ]);
});

it('rows of one class only have a curve that says nothing of the other', () => {
  expect(classCurves([0.2, 0.8], [0, 0]).roc.map(({ truePositives }) => truePositives)).toEqual([0, 0, 0]);
});
