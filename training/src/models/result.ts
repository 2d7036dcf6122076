import { z } from 'zod';
import { featureMapSchema } from '../maps/registry.js';

/** A model's numbers by name, in the units of the table: what they mean is the family's to say. */
export const modelParametersSchema = z.record(
  z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/),
  z.union([z.number(), z.array(z.number()).max(2 ** 14)]),
);

/** A model's numbers by name. See {@link modelParametersSchema}. */
export type ModelParameters = z.infer<typeof modelParametersSchema>;

/** The figures that there are: see {@link ModelMetric}. */
export const modelMetricNames = [
  'mse',
  'rmse',
  'mae',
  'r2',
  'logLoss',
  'brier',
  'auc',
  'accuracy',
  'f1',
  'errorRate',
  'macroAuc',
  'macroF1',
  'squaredLoss',
] as const;

/** A figure of a model on some rows. */
export interface ModelMetric {
  /**
   * `mse`: mean squared error, in the square of the target's unit; `rmse`, `mae` in its unit; `r2` without one. Of
   * probabilities: `logLoss` in nats, `brier` (mean squared error), `auc`, `accuracy`, `f1`. Of several classes: `errorRate`,
   * the share of rows whose class is another, `accuracy`, and of probabilities `logLoss`, `macroAuc` (each class against the rest,
   * their mean) and `macroF1` (of each class, their mean). `squaredLoss`: of classifiers that are trained by it, the squared error
   * of a row's scores against 1 for its class and 0 for others, summed over the classes; 1 for scores of 0.
   */
  readonly name: (typeof modelMetricNames)[number];
  /** The figure. */
  readonly value: number;
}

/** A trained model as a document: whoever has it and knows its family can predict. */
export const trainedResultSchema = z.strictObject({
  /** The kind of model. */
  family: z.string(),
  /** Its numbers by name. Of a model on mapped features, in units of these and of the target. */
  parameters: modelParametersSchema,
  /** How columns become the features that the parameters are for; absent where features are columns. */
  features: z
    .strictObject({
      /** The program's map. */
      map: featureMapSchema,
      /** What columns are standardised by, before they are mapped: one for each column. */
      means: z.array(z.number()),
      /** One for each column. */
      scales: z.array(z.number().positive()),
    })
    .optional(),
});

/** A trained model as a document. See {@link trainedResultSchema}. */
export interface TrainedResult extends z.infer<typeof trainedResultSchema> {}
