import { describe, expect, it } from 'vitest';
import { evaluateRows } from './evaluateRows.js';
import type { TrainedModel } from './trainedModel.js';

const linear = {
  columns: ['dose'],
  target: 'y',
  family: 'linear',
  parameters: { weights: [2], intercept: 1 },
} as unknown as TrainedModel;

/** The second class from dose 0 on. */
const logistic = {
  ...linear,
  family: 'logistic',
  parameters: { weights: [1], intercept: 0, classes: [0, 1] },
  recipe: {
    columns: [{ column: 'dose', kind: 'number', features: ['dose'] }],
    classes: ['stays', 'leaves'],
  },
} as unknown as TrainedModel;

const several = {
  ...linear,
  family: 'multiLogistic',
  parameters: { classes: [0, 1, 2], weights: [-4, 0, 4], intercepts: [0, 1, 0] },
} as unknown as TrainedModel;

const table = (...lines: string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`);

describe('the figures of a model on a table', () => {
  it('are those of its errors where it predicts numbers', () => {
    const found = evaluateRows(linear, table('dose,y,more', '1,3,8', '2,7,8'), 'held-out.csv');
    expect(found).toMatchObject({ rows: 2, classes: null, ignored: ['more'] });
    expect(found.metrics).toContainEqual({ name: 'mse', value: 2 });
  });

  it('count rows by class and by what they were taken for, in the table’s own words', () => {
    const { classes, metrics } = evaluateRows(
      logistic,
      table('dose,y', '-3,stays', '-2,stays', '1,stays', '2,leaves', '3,leaves', '-1,leaves'),
      'held-out.csv',
    );
    expect(classes).toMatchObject({
      names: ['stays', 'leaves'],
      confusion: [
        [2, 1],
        [1, 2],
      ],
      byClass: null,
    });
    expect(metrics).toContainEqual({ name: 'accuracy', value: 4 / 6 });
  });

  it('are given class by class where there are several', () => {
    const found = evaluateRows(several, table('dose,y', '-2,0', '0,1', '2,2', '2,1'), 'held-out.csv');
    expect(found.classes).toMatchObject({
      names: [0, 1, 2],
      confusion: [
        [1, 0, 0],
        [0, 1, 1],
        [0, 0, 1],
      ],
      byClass: [{ recall: 1 }, { recall: 0.5, precision: 1 }, { precision: 0.5 }],
    });
    expect(found.classes?.calibration?.reduce((sum, { rows }) => sum + rows, 0)).toBe(4);
  });

  it('need the target, and one that the model knows', () => {
    expect(() => evaluateRows(linear, table('dose', '1'), 'new.csv')).toThrow(/VT7011.*no column "y"/);
    expect(() => evaluateRows(several, table('dose,y', '1,7'), 'new.csv')).toThrow(/VT7014/);
  });
});
