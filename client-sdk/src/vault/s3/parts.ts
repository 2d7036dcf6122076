import { createHash } from 'node:crypto';
import { throwIfAborted } from '../../errors/abort.js';
import type { Bytes } from '../../storage/files.js';
import { endDigest } from '../digest.js';

/** Bytes of every part but the last. The same for everyone and ever: only so can an upload go on with what arrived. */
export const partBytes = 8 * 1024 * 1024;
/** S3 takes no more parts than this of one object. */
export const maxParts = 10_000;

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly isLast: boolean;
  /** Gives the memory back: its bytes are no longer needed. */
  release(): void;
}

/** What is known of an object that was cut whole. */
export interface Whole {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Cuts content into parts, and hashes it on the way. However large it is, it takes the memory of the parts in use. */
export class PartCutter {
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  readonly #free: Buffer[] = [];
  readonly #parts: AsyncGenerator<Part>;

  constructor(
    content: Bytes,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#parts = this.#count(content instanceof Uint8Array ? slices(content) : this.#gather(content));
  }

  /** The next part; undefined after the last. @throws ABORTED, and whatever the content's source throws */
  async next(): Promise<Part | undefined> {
    throwIfAborted(this.signal);
    const next = await this.#parts.next();
    return next.done === true ? undefined : next.value;
  }

  /** Reads on to the end, keeping nothing but the digest. */
  async finish(): Promise<Whole> {
    for (let part = await this.next(); part !== undefined; part = await this.next()) part.release();
    return { digest: endDigest(this.#hash), sizeBytes: this.#sizeBytes };
  }

  /** Tells the source that nothing more will be asked for. */
  async close(): Promise<void> {
    await this.#parts.return(undefined);
  }

  /** A part is handed out once it is known whether another one follows. There is always one, of no bytes at least. */
  async *#count(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Part> {
    let held: Buffer | undefined;
    let number = 1;
    for await (const bytes of pieces) {
      if (held !== undefined) yield this.#part(number++, held, false);
      held = bytes;
    }
    yield this.#part(number, held ?? Buffer.alloc(0), true);
  }

  #part(number: number, bytes: Buffer, isLast: boolean): Part {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    const release = (): void => {
      if (bytes.buffer.byteLength === partBytes) this.#free.push(Buffer.from(bytes.buffer));
    };
    return { number, bytes, isLast, release };
  }

  /** Full parts, and what is left at the end, in memory that was released before where there is some. */
  async *#gather(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    let buffer = this.#buffer();
    let filled = 0;
    for await (const piece of content) {
      for (let start = 0; start < piece.length;) {
        const taken = piece.subarray(start, start + partBytes - filled);
        buffer.set(taken, filled);
        start += taken.length;
        filled += taken.length;
        if (filled < partBytes) continue;
        yield buffer;
        buffer = this.#buffer();
        filled = 0;
      }
    }
    if (filled > 0) yield buffer.subarray(0, filled);
  }

  #buffer(): Buffer {
    return this.#free.pop() ?? Buffer.from(new ArrayBuffer(partBytes));
  }
}

/** The content's own memory, in parts; nothing is copied. */
function* slices(content: Uint8Array): Generator<Buffer> {
  const { buffer, byteOffset, length } = content;
  for (let start = 0; start < length; start += partBytes)
    yield Buffer.from(buffer, byteOffset + start, Math.min(partBytes, length - start));
}
