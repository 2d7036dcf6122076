import { expect, it } from 'vitest';
import { classTables } from './modelEvaluate.js';

it('says who was taken for whom, and of several classes the figures of each', () => {
  const confusion = [
    [33, 22],
    [44, 11],
  ];
  const two = { names: ['stays', 'leaves'], confusion, byClass: null, calibration: null };
  expect(classTables(two)).toEqual([
    [
      'rows of, taken for  stays  leaves',
      'stays               33     22',
      'leaves              44     11',
    ].join('\n'),
  ]);
  const figures = { rows: 55, precision: 0.42857, recall: 0.6, f1: 0.5, auc: null };
  const [, byClass] = classTables({ ...two, byClass: [figures, { ...figures, precision: null }] });
  expect(byClass?.split('\n')).toEqual([
    'class   rows  precision  recall  F1   AUC',
    'stays   55    0.429      0.6     0.5  -',
    'leaves  55    -          0.6     0.5  -',
  ]);
});
