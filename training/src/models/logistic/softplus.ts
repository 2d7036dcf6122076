// For the model owner alone: exp and log may differ in their last bits between machines, so no host computes with them.

/** log(1 + e^z) without overflow: the log-loss of log-odds z for a row of the negative class. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** 1 / (1 + e^−z): the probability of log-odds z. */
export function sigmoid(z: number): number {
  const power = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : power) / (1 + power);
}

/** log(p / (1 − p)): the log-odds of a probability. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** Orders of {@link softplusDerivatives}: 0 to 7. */
export const DERIVATIVES = 8;

/**
 * softplus at z and its first seven derivatives. With q = sigmoid(z) and r = q·(1 − q), every one from the second on is r times a
 * polynomial in r, times 1 − 2q where the order is odd.
 */
export function softplusDerivatives(z: number): number[] {
  const q = sigmoid(z);
  const r = q * (1 - q);
  const odd = r * (1 - 2 * q);
  return [
    softplus(z),
    q,
    r,
    odd,
    r * (1 - 6 * r),
    odd * (1 - 12 * r),
    r * (1 + r * (120 * r - 30)),
    odd * (1 + r * (360 * r - 60)),
  ];
}
