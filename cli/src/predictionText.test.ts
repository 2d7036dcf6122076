import type { Predictions } from '@veritrain/member/models';
import { expect, it } from 'vitest';
import {
  metricRows,
  predictionItems,
  predictionRows,
  predictionTable,
  unreadRows,
} from './predictionText.js';

const { reading, ignored, otherLevels } = {
  reading: {},
  ignored: [],
  otherLevels: [],
} as unknown as Predictions;
const numbers: Predictions = { predictions: [1.5, 20], targets: [1, 22], reading, ignored, otherLevels };
const classes: Predictions = {
  predictions: [0.25, 0.75],
  classes: [1, 2],
  predictedClasses: [1, 2],
  reading,
  ignored,
  otherLevels,
};

it('numbers are printed and written under the name of the target', () => {
  expect(predictionTable('y', numbers, 1)).toMatch(/^row +predicted y +given\n2 +1\.50000 +1$/);
  expect(predictionRows('y', numbers)).toEqual({
    header: ['row', 'y'],
    rows: [
      [2, 1.5],
      [3, 20],
    ],
  });
  expect(predictionItems(numbers)[1]).toEqual({ row: 3, prediction: 20 });
});

it('of two classes, the probability of the second and the likelier class', () => {
  expect(predictionTable('ill', classes, 2)).toMatch(
    /^row +P\(ill = 2\) +predicted ill\n2 +0\.250000 +1\n3 +0\.750000 +2$/,
  );
  expect(predictionRows('ill', classes)).toEqual({
    header: ['row', 'P(ill = 2)', 'ill'],
    rows: [
      [2, 0.25, 1],
      [3, 0.75, 2],
    ],
  });
  expect(predictionItems(classes)[1]).toEqual({ row: 3, prediction: 0.75, predictedClass: 2 });
});

it('figures have words', () => {
  expect(metricRows([{ name: 'auc', value: 0.75 }])).toEqual([['Area under the ROC curve', '0.7500000']]);
  expect(metricRows()).toEqual([]);
});

it('classes of more than two texts are printed and written as they are', () => {
  const flowers: Predictions = {
    predictions: [0, 2],
    predictedClasses: ['iris', 'tulip'],
    reading,
    ignored,
    otherLevels,
  };
  expect(predictionRows('flower', flowers)).toEqual({
    header: ['row', 'flower'],
    rows: [
      [2, 'iris'],
      [3, 'tulip'],
    ],
  });
});

it('texts without a meaning say that the codebook lacks', () => {
  const found = { otherLevels: [{ column: 'ward', countedAs: 'c-aaaaaaaaaa', levels: ['North'] }] };
  expect(unreadRows(['ward', 'drug'], undefined, found)).toEqual([
    ['Levels are codes', 'in ward: --codebook says which texts they stand for'],
  ]);
  expect(unreadRows(['ward'], { schemaVersion: 1, columns: [] }, found)).toEqual([]);
  expect(unreadRows(['drug'], undefined, found)).toEqual([]);
});
