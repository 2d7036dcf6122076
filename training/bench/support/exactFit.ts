import type { Table, Template } from '@veritrain/training';
import { classificationMetrics } from '../../src/models/classificationMetrics.js';
import { sigmoid } from '../../src/models/logistic/softplus.js';
import { dot } from '../../src/optimisers/vectors.js';
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
