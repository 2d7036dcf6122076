import { classificationMetrics } from '../../src/models/classificationMetrics.js';
import { sigmoid } from '../../src/models/logistic/softplus.js';
import { dot } from '../../src/optimisers/vectors.js';
import type { LabelledRows } from '../../src/testing/exactLogistic.js';

/** Area under the ROC curve and mean log-loss, in nats, of a logistic model. @param weights the intercept last */
export function scores(
  { rows, labels }: LabelledRows,
  weights: readonly number[],
): { auc: number; logLoss: number } {
  const figures = classificationMetrics(
    rows.map((row) => sigmoid(dot(weights, row))),
    labels,
  );
  const valueOf = (name: string): number => figures.find((figure) => figure.name === name)?.value ?? NaN;
  return { auc: valueOf('auc'), logLoss: valueOf('logLoss') };
}
