import { Duplex } from 'node:stream';

interface Held {
  /** On the clock of `performance.now()`. */
  readonly dueMs: number;
  /** Null marks the end of the bytes. */
  readonly chunk: Buffer | null;
}

/** 100 MB/s over 160 ms. */
const defaultMaxBytes = 16 * 1024 * 1024;

/**
 * Forwards each chunk a fixed time after it was written. Chunks do not wait for one another, so the reader sets the
 * rate and the delay stays constant. The writer waits while `maxBytes` are in transit.
 */
export class DelayLine extends Duplex {
  private readonly held: Held[] = [];
  private heldBytes = 0;
  private isReaderWaiting = false;
  private timer: NodeJS.Timeout | undefined;
  private letWriterGoOn: (() => void) | undefined;

  /** @param opensAtMs chunks written before this time count as written then, on the clock of `performance.now()` */
  constructor(
    private readonly delayMs: number,
    private readonly maxBytes = defaultMaxBytes,
    private readonly opensAtMs = 0,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.heldBytes += chunk.length;
    this.hold(chunk);
    if (this.heldBytes < this.maxBytes) done();
    else this.letWriterGoOn = done;
  }

  override _final(done: () => void): void {
    this.hold(null);
    done();
  }

  override _read(): void {
    this.isReaderWaiting = true;
    this.release();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.timer);
    this.held.length = 0;
    done(error);
  }

  private hold(chunk: Buffer | null): void {
    this.held.push({ dueMs: Math.max(performance.now(), this.opensAtMs) + this.delayMs, chunk });
    this.release();
  }

  private release(): void {
    clearTimeout(this.timer);
    for (let [next] = this.held; next !== undefined && this.isReaderWaiting; [next] = this.held) {
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) {
        // A timer may fire a little early; then it is set again.
        this.timer = setTimeout(() => this.release(), Math.ceil(waitMs));
        return;
      }
      this.held.shift();
      this.isReaderWaiting = this.push(next.chunk);
      this.account(next.chunk?.length ?? 0);
    }
  }

  private account(bytes: number): void {
    this.heldBytes -= bytes;
    if (this.heldBytes >= this.maxBytes) return;
    const goOn = this.letWriterGoOn;
    this.letWriterGoOn = undefined;
    goOn?.();
  }
}
