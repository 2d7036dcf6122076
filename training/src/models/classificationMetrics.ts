import type { ModelMetric } from './result.js';

/** A probability is taken to be this far from 0 and 1 at least: one wrong certainty would make the log-loss infinite. */
const MIN_PROBABILITY = 1e-15;

/** Mean log-loss in nats. @param probabilities of class 1 @param labels 0 or 1 */
export function meanLogLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): ModelMetric {
  const rows = labels.length;
  let logLoss = 0;
  for (let row = 0; row < rows; row++) {
    const probability = probabilities[row]!;
    const ofLabel = labels[row] === 1 ? probability : 1 - probability;
    logLoss += logLossOf(ofLabel) / rows;
  }
  return { name: 'logLoss', value: logLoss };
}

/** −log of the probability that was given to what is, in nats. */
export const logLossOf = (probability: number): number => -Math.log(Math.max(probability, MIN_PROBABILITY));

/**
 * Mean log-loss in nats, mean squared error of the probabilities (Brier), area under the ROC curve, and accuracy and F1 at a
 * probability of ½ (½ itself predicts class 1).
 *
 * With rows of one class only there is no ROC curve, and `auc` is left out; `f1` is left out where neither a label nor a
 * prediction is class 1.
 * @param probabilities of class 1
 * @param labels 0 or 1
 */
export function classificationMetrics(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
): readonly ModelMetric[] {
  const rows = labels.length;
  let brier = 0;
  let right = 0;
  let positives = 0;
  let predicted = 0;
  let both = 0;
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    const probability = probabilities[row]!;
    const guess = probability >= 0.5 ? 1 : 0;
    brier += (probability - label) ** 2 / rows;
    right += guess === label ? 1 : 0;
    positives += label;
    predicted += guess;
    both += guess * label;
  }
  const auc = areaUnderCurve(probabilities, labels, positives);
  return [
    meanLogLoss(probabilities, labels),
    { name: 'brier', value: brier },
    ...(auc === undefined ? [] : [{ name: 'auc', value: auc } as const]),
    { name: 'accuracy', value: right / rows },
    ...(positives + predicted === 0
      ? []
      : [{ name: 'f1', value: (2 * both) / (positives + predicted) } as const]),
  ];
}

/**
 * Share of the pairs of one row of each class in which the row of class 1 has the higher score; equal scores count half (Mann
 * and Whitney's U by mid-ranks). Undefined where a class has no row.
 */
export function areaUnderCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  positives: number,
): number | undefined {
  const rows = labels.length;
  const pairs = positives * (rows - positives);
  if (pairs === 0) return undefined;
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  for (let first = 0; first < rows;) {
    let end = first;
    let found = 0;
    for (; end < rows && scores[order[end]!] === scores[order[first]!]; end++) found += labels[order[end]!]!;
    ranks += (found * (first + 1 + end)) / 2;
    first = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / pairs;
}
