import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classificationMetrics } from './classificationMetrics.js';

const figuresOf = (probabilities: readonly number[], labels: readonly number[]): Record<string, number> =>
  Object.fromEntries(classificationMetrics(probabilities, labels).map(({ name, value }) => [name, value]));

describe('figures of probabilities', () => {
  it('are those of the textbook, the log-loss first', () => {
    const metrics = classificationMetrics([0.9, 0.4, 0.6, 0.2], [1, 1, 0, 0]);
    expect(metrics.map(({ name }) => name)).toEqual(['logLoss', 'brier', 'auc', 'accuracy', 'f1']);
    const { logLoss, brier, auc, accuracy, f1 } = figuresOf([0.9, 0.4, 0.6, 0.2], [1, 1, 0, 0]);
    expect(logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.4) + Math.log(0.8)) / 4, 12);
    expect(brier).toBeCloseTo((0.01 + 0.36 + 0.36 + 0.04) / 4, 12);
    expect([auc, accuracy, f1]).toEqual([0.75, 0.5, 0.5]);
  });

  it('have an AUC in which equal scores count half, whatever the order of the rows', () => {
    const row = fc.tuple(fc.constantFrom(0.1, 0.2, 0.5, 0.8), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const ones = rows.filter(([, label]) => label === 1);
        const zeros = rows.filter(([, label]) => label === 0);
        fc.pre(ones.length > 0 && zeros.length > 0);
        let won = 0;
        for (const [one] of ones) for (const [zero] of zeros) won += one > zero ? 1 : one === zero ? 0.5 : 0;
        const { auc } = figuresOf(
          rows.map(([score]) => score),
          rows.map(([, label]) => label),
        );
        expect(auc).toBeCloseTo(won / ones.length / zeros.length, 12);
      }),
    );
  });

  it('leave out what rows of one class do not have', () => {
    expect(Object.keys(figuresOf([0.9, 0.4], [1, 1]))).toEqual(['logLoss', 'brier', 'accuracy', 'f1']);
    expect(Object.keys(figuresOf([0.3, 0.4], [0, 0]))).toEqual(['logLoss', 'brier', 'accuracy']);
  });

  it('stay finite where a certainty is wrong', () => {
    expect(figuresOf([1, 0], [0, 1]).logLoss).toBeCloseTo(-Math.log(1e-15), 9);
  });
});
