import type { Table, Template } from '@veritrain/training';
import { classificationMetrics } from '../../src/models/classificationMetrics.js';
import { sigmoid } from '../../src/models/logistic/softplus.js';
import { addOuter, addTo, dot, scaledIdentity, solveDefinite } from '../../src/optimisers/vectors.js';
import { exactLogistic } from '../../src/testing/exactLogistic.js';
import { labelledRows } from '../../src/testing/logistic.js';

/** Test figures of a fit. */
export interface FitFigures {
  readonly auc: number;
  readonly logLoss: number;
}

/** The exact ridge fit of all training rows, judged on the test rows. */
export function exactFit(train: Table, test: Table, template: Template, lambda: number): FitFigures {
  const weights = exactLogistic(labelledRows(train, template), lambda);
  const { rows, labels } = labelledRows(test, template);
  const figures = classificationMetrics(
    rows.map((row) => sigmoid(dot(weights, row))),
    labels,
  );
  const valueOf = (name: string): number => figures.find((figure) => figure.name === name)?.value ?? NaN;
  return { auc: valueOf('auc'), logLoss: valueOf('logLoss') };
}

/** Least squares of all rows in clear, by the normal equations: weights in standardised units. */
export function leastSquares(table: Table, { statistics, features }: Template): number[] {
  const { means, scales, targetMean, targetScale } = statistics;
  const matrix = scaledIdentity(features, 0);
  const right = means.map(() => 0);
  table.targets.forEach((target, row) => {
    const own = means.map(
      (mean, j) => ((table.values[row * features + j] ?? NaN) - mean) / (scales[j] ?? NaN),
    );
    addOuter(matrix, 1, own);
    addTo(right, (target - targetMean) / targetScale, own);
  });
  const weights = solveDefinite(matrix, right);
  if (weights === undefined) throw new Error('the columns say the same');
  return weights;
}
