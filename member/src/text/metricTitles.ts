import type { ModelMetric } from '@veritrain/training';

/** The figures of models, for people. */
export const metricTitles: Readonly<Record<ModelMetric['name'], string>> = {
  mse: 'mean squared error',
  rmse: 'root mean squared error',
  mae: 'mean absolute error',
  r2: 'R²',
  logLoss: 'log-loss',
  brier: 'Brier score',
  auc: 'AUC',
  accuracy: 'accuracy',
  f1: 'F1',
  errorRate: 'error rate',
  macroAuc: 'AUC, mean of classes',
  macroF1: 'F1, mean of classes',
  squaredLoss: 'squared loss of class indicators',
};

/** A figure's title at the beginning of a line. */
export function metricHeading(name: ModelMetric['name']): string {
  const title = metricTitles[name];
  return title.charAt(0).toUpperCase() + title.slice(1);
}
