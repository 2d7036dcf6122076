import { TrainingError } from '../errors.js';
import { calibrationOf, rocOf, type CalibrationPoint, type RocPoint } from './classificationCurves.js';
import { areaUnderCurve, logLossOf } from './classificationMetrics.js';
import type { ModelMetric } from './result.js';

// Classes are named by their places here, 0 to k − 1; probabilities lie row by row, k each.

/** What a model of several classes makes of the rows of one of them. */
export interface ClassFigures {
  /** Rows of the class. */
  readonly rows: number;
  /** Of the rows that were taken for the class, the share that is of it; null where none was. */
  readonly precision: number | null;
  /** Of the rows of the class, the share that was taken for it; null where it has none. */
  readonly recall: number | null;
  /** 2·precision·recall / (precision + recall); null where the class has no row and none was taken for it. */
  readonly f1: number | null;
  /** Of the class against the rest; null where one of them has no row, and of models without probabilities. */
  readonly auc: number | null;
}

/** What a model of several classes is worth, class by class. */
export interface SeveralClasses {
  /** Values of the target, one for each class. */
  readonly classes: readonly number[];
  /** Rows by class, then by the class that was predicted. */
  readonly confusion: readonly (readonly number[])[];
  /** By class. */
  readonly figures: readonly ClassFigures[];
  /**
   * Tenths of the rows, by the probability of their likeliest class: its mean, and the share of rows that are of it. Null of models
   * without probabilities.
   */
  readonly calibration: readonly CalibrationPoint[] | null;
  /** ROC curve of each class against the rest, from (0, 0) to (1, 1). Null of models without probabilities. */
  readonly roc: readonly (readonly RocPoint[])[] | null;
}

/**
 * The place of each target among the classes.
 * @param targets of a table's rows, the first of which is row 2, below the header
 * @throws TrainingError VT7014 for a target that is none of them
 */
export function placesOf(classes: readonly number[], targets: ArrayLike<number>): Int32Array {
  const places = new Map(classes.map((value, place) => [value, place]));
  return Int32Array.from(targets, (target, index) => {
    const place = places.get(target);
    if (place !== undefined) return place;
    const row = index + 2;
    const what = `row ${row}: the target is none of ${classes.join(', ')}`;
    throw new TrainingError('VT7014', what, { row, classes: classes.length });
  });
}

/** The likeliest class of each row; the first of equal ones. */
export function likeliest(probabilities: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let place = 1; place < classes; place++)
      if (probabilities[row * classes + place]! > probabilities[row * classes + best]!) best = place;
    return best;
  });
}

/** Rows by class, then by the class that was predicted. @param predicted a place; −1 counts for none */
export function confusionOf(
  predicted: ArrayLike<number>,
  places: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < places.length; row++) {
    const own = counts[places[row]!];
    const place = predicted[row]!;
    if (own !== undefined && place >= 0) own[place]! += 1;
  }
  return counts;
}

/** Mean over the rows of −log of the probability of their class, in nats. */
export function meanClassLoss(
  probabilities: ArrayLike<number>,
  places: ArrayLike<number>,
  classes: number,
): ModelMetric {
  let loss = 0;
  for (let row = 0; row < places.length; row++)
    loss += logLossOf(probabilities[row * classes + places[row]!]!) / places.length;
  return { name: 'logLoss', value: loss };
}

/**
 * Mean log-loss, area under the ROC curve (of each class against the rest, their mean), accuracy, and F1 (of each class, their mean) of
 * probabilities. A class that has no row, or all of them, has no ROC curve; one without a row that none was taken for has no F1.
 */
export function classProbabilityMetrics(
  probabilities: ArrayLike<number>,
  places: ArrayLike<number>,
  classes: number,
): readonly ModelMetric[] {
  const confusion = confusionOf(likeliest(probabilities, classes), places, classes);
  const figures = figuresOf(confusion, places, probabilities);
  const right = confusion.reduce((sum, row, place) => sum + row[place]!, 0);
  return [
    meanClassLoss(probabilities, places, classes),
    ...meanOf(
      'macroAuc',
      figures.map(({ auc }) => auc),
    ),
    { name: 'accuracy', value: right / places.length },
    ...meanOf(
      'macroF1',
      figures.map(({ f1 }) => f1),
    ),
  ];
}

function meanOf(name: ModelMetric['name'], values: readonly (number | null)[]): ModelMetric[] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return [];
  return [{ name, value: known.reduce((sum, value) => sum + value, 0) / known.length }];
}

/** Figures by class. @param probabilities given of models that have them */
export function figuresOf(
  confusion: readonly (readonly number[])[],
  places: ArrayLike<number>,
  probabilities?: ArrayLike<number>,
): ClassFigures[] {
  const classes = confusion.length;
  const rows = confusion.map(() => 0);
  for (const place of Array.from(places)) rows[place]! += 1;
  return confusion.map((own, place) => {
    const predicted = confusion.reduce((sum, row) => sum + row[place]!, 0);
    const right = own[place]!;
    const ofClass = rows[place]!;
    return {
      rows: ofClass,
      precision: predicted === 0 ? null : right / predicted,
      recall: ofClass === 0 ? null : right / ofClass,
      f1: predicted + ofClass === 0 ? null : (2 * right) / (predicted + ofClass),
      auc: probabilities === undefined ? null : aucOf(againstRest(probabilities, places, { place, classes })),
    };
  });
}

/** The ROC curve of each class against the rest. */
export const classRocs = (
  probabilities: ArrayLike<number>,
  places: ArrayLike<number>,
  classes: number,
): SeveralClasses['roc'] =>
  Array.from({ length: classes }, (_, place) => {
    const { scores, labels } = againstRest(probabilities, places, { place, classes });
    return rocOf(scores, labels);
  });

/** One class against the rest: 1 for its rows, 0 for others, and its probabilities. */
interface AgainstRest {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
}

function againstRest(
  probabilities: ArrayLike<number>,
  places: ArrayLike<number>,
  { place, classes }: { readonly place: number; readonly classes: number },
): AgainstRest {
  const labels = Uint8Array.from(places, (own) => (own === place ? 1 : 0));
  return { labels, scores: Float64Array.from(labels, (_, row) => probabilities[row * classes + place]!) };
}

function aucOf({ scores, labels }: AgainstRest): number | null {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return areaUnderCurve(scores, labels, positives) ?? null;
}

/** How often the likeliest class is the right one, by its probability. */
export function likeliestCalibration(
  probabilities: ArrayLike<number>,
  places: ArrayLike<number>,
  classes: number,
): readonly CalibrationPoint[] {
  const best = likeliest(probabilities, classes);
  const certain = Float64Array.from(best, (place, row) => probabilities[row * classes + place]!);
  const right = Uint8Array.from(best, (place, row) => (place === places[row]! ? 1 : 0));
  return calibrationOf(certain, right);
}
