/** Points of curves are thinned to about this many. */
const MAX_POINTS = 200;
/** For the calibration, rows in the order of their probabilities are cut into this many groups of equal size. */
const GROUPS = 10;

/** Rows by what was predicted at a probability of ½ (½ itself predicts the positive class), and what they are. */
export interface ConfusionMatrix {
  /** Positive rows that were taken for positive. */
  readonly truePositives: number;
  /** Negative rows that were taken for positive. */
  readonly falsePositives: number;
  /** Negative rows that were taken for negative. */
  readonly trueNegatives: number;
  /** Positive rows that were taken for negative. */
  readonly falseNegatives: number;
}

/** What one threshold finds. */
export interface RocPoint {
  /** Of the negative rows, the share at or above the threshold, 0 to 1. */
  readonly falsePositives: number;
  /** Of the positive rows, the share at or above the threshold, 0 to 1. */
  readonly truePositives: number;
}

/** Rows of about the same probability. */
export interface CalibrationPoint {
  /** Mean of their probabilities, 0 to 1. */
  readonly predicted: number;
  /** Share of positive rows among them, 0 to 1. */
  readonly observed: number;
  /** How many they are. */
  readonly rows: number;
}

/** What a model of two classes is worth, in pictures. */
export interface ClassCurves {
  /** Shares of the negative and of the positive rows at or above each threshold, from (0, 0) to (1, 1). */
  readonly roc: readonly RocPoint[];
  /** Tenths of the rows, by probability: their mean probability, the share of positive rows among them, and their number. */
  readonly calibration: readonly CalibrationPoint[];
  /** Rows by what was predicted, and what they are. */
  readonly confusion: ConfusionMatrix;
}

/**
 * ROC curve, calibration curve and confusion matrix of predicted probabilities.
 * @param probabilities of class 1
 * @param labels 0 or 1; with rows of one class only, the share of the other class stays 0 along the ROC curve
 */
export function classCurves(probabilities: ArrayLike<number>, labels: ArrayLike<number>): ClassCurves {
  return {
    roc: rocOf(probabilities, labels),
    calibration: calibrationOf(probabilities, labels),
    confusion: confusionOf(probabilities, labels),
  };
}

/** Points of the ROC curve. See {@link ClassCurves}. */
export function rocOf(scores: ArrayLike<number>, labels: ArrayLike<number>): ClassCurves['roc'] {
  const rows = labels.length;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!);
  let positives = 0;
  for (let row = 0; row < rows; row++) positives += labels[row]!;
  const points = [{ falsePositives: 0, truePositives: 0 }];
  let found = 0;
  for (let place = 0; place < rows; place++) {
    found += labels[order[place]!]!;
    const isTied = place + 1 < rows && scores[order[place]!] === scores[order[place + 1]!];
    if (isTied) continue;
    points.push({
      falsePositives: (place + 1 - found) / Math.max(1, rows - positives),
      truePositives: found / Math.max(1, positives),
    });
  }
  const every = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** Tenths of the rows, by probability. See {@link ClassCurves}. */
export function calibrationOf(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): ClassCurves['calibration'] {
  const order = Uint32Array.from({ length: labels.length }, (_, row) => row).sort(
    (a, b) => probabilities[a]! - probabilities[b]!,
  );
  return Array.from({ length: GROUPS }, (_, group) => {
    const rows = order.subarray(
      Math.floor((group * order.length) / GROUPS),
      Math.floor(((group + 1) * order.length) / GROUPS),
    );
    const mean = (of: ArrayLike<number>): number =>
      rows.reduce((sum, row) => sum + of[row]!, 0) / rows.length;
    return { predicted: mean(probabilities), observed: mean(labels), rows: rows.length };
  }).filter(({ rows }) => rows > 0);
}

function confusionOf(probabilities: ArrayLike<number>, labels: ArrayLike<number>): ConfusionMatrix {
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let row = 0; row < labels.length; row++) {
    const isPositive = labels[row] === 1;
    if (probabilities[row]! >= 0.5) counts[isPositive ? 'truePositives' : 'falsePositives'] += 1;
    else counts[isPositive ? 'falseNegatives' : 'trueNegatives'] += 1;
  }
  return counts;
}
