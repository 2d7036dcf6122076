import type { Drbg } from '../drbg.js';

/**
 * What released sums are rounded to. Doubles have more digits than the noise needs, and the last digits of a sum with noise would
 * say which sum it was (Mironov 2012).
 */
const GRID = 2 ** -20;

/** Draws from the normal law by Box and Muller, from 53 random bits each; nothing beyond 8.5 deviations. */
export class GaussianNoise {
  readonly #drbg: Drbg;

  constructor(drbg: Drbg) {
    this.#drbg = drbg;
  }

  /** A sum with noise, on a grid that tells nothing of the sum's own digits. */
  around(sum: number, deviation: number): number {
    return Math.round((sum + deviation * this.#next()) / GRID) * GRID + 0;
  }

  #next(): number {
    const length = Math.sqrt(-2 * Math.log(this.#uniform()));
    return length * Math.cos(2 * Math.PI * this.#uniform());
  }

  /** Above 0, at most 1. */
  #uniform(): number {
    return (this.#drbg.below(2 ** 26) * 2 ** 27 + this.#drbg.below(2 ** 27) + 1) / 2 ** 53;
  }
}
