import { createHash } from 'node:crypto';
import { Drbg } from '../../src/drbg.js';

/** Choices that follow from a seed. */
export class Chance {
  readonly #drbg: Drbg;

  constructor(...seed: readonly (string | number)[]) {
    this.#drbg = new Drbg(createHash('sha256').update(seed.join('/')).digest());
  }

  /** A whole number from 0, less than `bound`. */
  below(bound: number): number {
    return this.#drbg.below(Math.max(1, bound));
  }

  /** One of some values. */
  of<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined && values.length === 0) throw new RangeError('nothing to choose from');
    return value as Value;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from(this.#drbg.bytes(count));
  }
}
