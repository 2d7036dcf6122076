import { evaluateModel, type ModelMetric, type Table, type TrainedResult } from '@veritrain/training';

/** One figure of a model on the rows of a table. */
export function figureOf(name: ModelMetric['name'], table: Table, model: TrainedResult | undefined): number {
  if (model === undefined) return NaN;
  return evaluateModel(table, model).find((figure) => figure.name === name)?.value ?? NaN;
}
