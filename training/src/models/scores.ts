import type { ModelParameters } from './result.js';

/** What a model says of a row's scores. */
export type Decision =
  /** The one score is the prediction, in the target's unit. */
  | { readonly kind: 'number' }
  /** The one score is the log-odds of the second class. */
  | { readonly kind: 'logOdds'; readonly classes: readonly [number, number] }
  /** One score for each class: the largest, of equal ones the first, is the prediction. */
  | { readonly kind: 'largest'; readonly classes: readonly number[] };

/**
 * A model as scores of a row's features, weights·features + intercepts: all that another program needs to predict. Families whose
 * models are no such scores lack it.
 */
export interface ModelScores {
  /** Features are (feature − mean) / scale first, cut to ±largest; absent where they are taken as they are. */
  readonly standardised?: {
    readonly means: readonly number[];
    readonly scales: readonly number[];
    readonly largest: number;
  };
  /** Of each score one for each feature, score by score. */
  readonly weights: readonly number[];
  /** One for each score. */
  readonly intercepts: readonly number[];
  readonly decision: Decision;
}

/** Makes the scores of a model's parameters. @throws TrainingError VT7501 where they are none of the family */
export type ScoresOf = (parameters: ModelParameters) => ModelScores;
