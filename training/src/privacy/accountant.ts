// What Gaussian noise is worth in (ε, δ), exactly (Balle and Wang 2018, theorem 8). Only data owners compute here: erfc and exp
// differ in their last bits between machines, so nothing that is hashed by hosts may follow from them.

/** Beyond so many deviations the tail is a continued fraction, before it the series of the centre. */
const TAIL_FROM = 3;

/** P(Z > x) for a standard normal Z, to 12 digits of itself in the tail too. */
function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < TAIL_FROM) {
    let sum = 0;
    for (let term = x, order = 1; term > 1e-18; order += 2, term *= (x * x) / order) sum += term;
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let level = 200; level > 0; level--) fraction = x + level / fraction;
  return density / fraction;
}

/**
 * The least δ for which Gaussian noise gives (ε, δ)-differential privacy.
 * @param mu sensitivity / standard deviation, above 0
 */
export function deltaOf(mu: number, epsilon: number): number {
  const middle = epsilon / mu;
  return Math.max(0, normalTail(middle - mu / 2) - Math.exp(epsilon) * normalTail(middle + mu / 2));
}

/**
 * The largest sensitivity / standard deviation with which Gaussian noise gives (ε, δ)-differential privacy. Several
 * releases with noise of μ₁, μ₂ … are together exactly as private as one of √(μ₁² + μ₂² + …) (Dong, Roth and Su 2019).
 * @param epsilon above 0, at most 100
 * @param delta above 0, below 1
 */
export function muOf(epsilon: number, delta: number): number {
  let low = 0;
  let high = 1;
  while (deltaOf(high, epsilon) < delta) high *= 2;
  for (let halvings = 0; halvings < 100; halvings++) {
    const middle = (low + high) / 2;
    if (deltaOf(middle, epsilon) <= delta) low = middle;
    else high = middle;
  }
  return low;
}
