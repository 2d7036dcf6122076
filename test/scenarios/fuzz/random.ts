import { createHash } from 'node:crypto';

/** Pseudo-random choices that a text decides: the same text, the same choices. */
export class Random {
  #block = Buffer.alloc(0);
  #at = 0;
  #blocks = 0;

  constructor(private readonly seed: string) {}

  /** A whole number from 0 to below `end`, of at most 32 bits. */
  below(end: number): number {
    if (this.#at === this.#block.length) {
      const text = `${this.seed}/${String(this.#blocks++)}`;
      this.#block = createHash('sha256').update(text).digest();
      this.#at = 0;
    }
    const value = this.#block.readUInt32BE(this.#at);
    this.#at += 4;
    return Math.floor((value / 2 ** 32) * end);
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}
