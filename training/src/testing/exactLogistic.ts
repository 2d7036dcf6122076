import {
  addOuter,
  addScaled,
  addTo,
  dot,
  largest,
  scaledIdentity,
  solveDefinite,
} from '../optimisers/vectors.js';

/** Rows with a 1 behind their features, and labels 0 or 1. */
export interface LabelledRows {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** Mean log-loss and ridge penalty, the intercept left out, of weights with the intercept last. */
export function penalisedLoss(
  { rows, labels }: LabelledRows,
  lambda: number,
  weights: readonly number[],
): number {
  const features = weights.slice(0, -1);
  let loss = (lambda / 2) * dot(features, features);
  for (const [row, x] of rows.entries()) {
    const z = labels[row] === 1 ? -dot(weights, x) : dot(weights, x);
    loss += (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))) / rows.length;
  }
  return loss;
}

/**
 * Ridge logistic regression by iteratively reweighted least squares, each step halved until the loss falls: the weights, the
 * intercept last. As scikit-learn's `LogisticRegression(C = 1 / (lambda · rows))`.
 */
export function exactLogistic(data: LabelledRows, lambda: number): number[] {
  const size = data.rows[0]?.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 100; step++) {
    const { gradient, hessian } = derivatives(data, lambda, weights);
    const move = solveDefinite(hessian, gradient);
    if (move === undefined || largest(gradient) < 1e-12) return weights;
    const before = penalisedLoss(data, lambda, weights);
    let share = 1;
    while (share > 1e-9 && penalisedLoss(data, lambda, addScaled(weights, -share, move)) > before) share /= 2;
    if (share <= 1e-9) return weights;
    weights = addScaled(weights, -share, move);
  }
  return weights;
}

function derivatives({ rows, labels }: LabelledRows, lambda: number, weights: readonly number[]) {
  const size = weights.length;
  const gradient = weights.map((weight, i) => (i === size - 1 ? 0 : lambda * weight));
  const hessian = scaledIdentity(size, lambda);
  hessian[size * size - 1] = 1e-12;
  for (const [row, x] of rows.entries()) {
    const probability = 1 / (1 + Math.exp(-dot(weights, x)));
    addTo(gradient, (probability - labels[row]!) / rows.length, x);
    addOuter(hessian, (probability * (1 - probability)) / rows.length, x);
  }
  return { gradient, hessian };
}
