import { createCipheriv, createHash, type Cipher } from 'node:crypto';

const POOL_BYTES = 4096;
/** What the cipher turns into its key stream. Grows to the longest request. */
let zeros = new Uint8Array(POOL_BYTES);

/**
 * Deterministic random bytes: the AES-256-CTR key stream under SHA-256(seed). One seed, one stream, on every
 * machine. All randomness of splits, keys, encryptions and replies comes from here, so that whoever holds the
 * seed makes the same bytes again.
 */
export class Drbg {
  readonly #cipher: Cipher;
  #pool = new Uint8Array(0);

  constructor(seed: Uint8Array) {
    this.#cipher = createCipheriv(
      'aes-256-ctr',
      createHash('sha256').update(seed).digest(),
      Buffer.alloc(16),
    );
  }

  /** The next `count` bytes of the stream. */
  bytes(count: number): Uint8Array {
    if (count <= this.#pool.length) return this.#take(count);
    if (this.#pool.length === 0 && count >= POOL_BYTES) return this.#stream(count);
    const out = new Uint8Array(count);
    const head = this.#take(this.#pool.length);
    out.set(head);
    const missing = count - head.length;
    if (missing >= POOL_BYTES) {
      out.set(this.#stream(missing), head.length);
      return out;
    }
    this.#pool = this.#stream(POOL_BYTES);
    out.set(this.#take(missing), head.length);
    return out;
  }

  /** A uniform integer in [0, bound), 1 ≤ bound ≤ 2^32, without bias. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const bytes = this.bytes(4);
      const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
      if (value < limit) return value % bound;
    }
  }

  /** Fisher-Yates shuffle, in place. */
  shuffle(items: Uint32Array | number[]): void {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = items[last] ?? 0;
      items[last] = items[other] ?? 0;
      items[other] = kept;
    }
  }

  #take(count: number): Uint8Array {
    const part = this.#pool.subarray(0, count);
    this.#pool = this.#pool.subarray(count);
    return part;
  }

  #stream(count: number): Uint8Array<ArrayBuffer> {
    if (zeros.length < count) zeros = new Uint8Array(count);
    const { buffer, byteOffset } = this.#cipher.update(zeros.subarray(0, count));
    return new Uint8Array(buffer, byteOffset, count);
  }
}
