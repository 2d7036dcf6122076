import type { ModelParameters } from './result.js';

/** What a model says of a row's scores. */
export type Decision =
  /** The one score is the prediction, in the target's unit. */
  | {
      /** A number. */
      readonly kind: 'number';
    }
  /** The one score is the log-odds of the second class. */
  | {
      /** Log-odds. */
      readonly kind: 'logOdds';
      /** Values of the target, [negative, positive]. */
      readonly classes: readonly [number, number];
    }
  /** One score for each class: the largest, of equal ones the first, is the prediction. */
  | {
      /** The largest one decides. */
      readonly kind: 'largest';
      /** Values of the target. */
      readonly classes: readonly number[];
    }
  /**
   * One score for each class, its log-odds against the rest: the largest, of equal ones the first, is the prediction. The probability
   * of a class is what it has by itself, divided by the sum of all classes'.
   */
  | {
      /** Log-odds of each. */
      readonly kind: 'classLogOdds';
      /** Values of the target. */
      readonly classes: readonly number[];
    };

/**
 * A model as scores of a row's features, weights·features + intercepts: all that another program needs to predict. Families whose
 * models are no such scores lack it.
 */
export interface ModelScores {
  /** Features are (feature − mean) / scale first, cut to ±largest; absent where they are taken as they are. */
  readonly standardised?: {
    /** One for each feature. */
    readonly means: readonly number[];
    /** One for each feature. */
    readonly scales: readonly number[];
    /** Where they are cut. */
    readonly largest: number;
  };
  /** Of each score one for each feature, score by score. */
  readonly weights: readonly number[];
  /** One for each score. */
  readonly intercepts: readonly number[];
  /** What they mean. */
  readonly decision: Decision;
}

/** Makes the scores of a model's parameters. @throws TrainingError VT7501 where they are none of the family */
export type ScoresOf = (parameters: ModelParameters) => ModelScores;
