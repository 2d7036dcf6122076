import { throwIfAborted } from '../../errors/abort.js';
import { backoffMs, pause } from '../../errors/backoff.js';
import { passing } from './failure.js';
import type { S3Timing } from './timing.js';

/** The tries of one thing: how often it failed for a passing reason since it last got on, and until when it may. */
export class Tries {
  #failures = 0;
  #until: number;

  constructor(
    private readonly timing: S3Timing,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#until = performance.now() + timing.retryForMs;
  }

  /** It got on by some bytes, and has as much more time as they may take; never more than at the beginning. */
  progress(bytes: number): void {
    this.#failures = 0;
    const more = (bytes / this.timing.minBytesPerSecond) * 1000;
    this.#until = Math.min(this.#until + more, performance.now() + this.timing.retryForMs);
  }

  /** The caller was busy with something else. */
  paused(ms: number): void {
    this.#until += ms;
  }

  /** How long to wait for the next sign of the server, in milliseconds. */
  get patienceMs(): number {
    return Math.max(0, Math.min(this.timing.silenceMs, this.#until - performance.now()));
  }

  /** Waits before another try, or throws the error again where none is worth it or no time is left. */
  async again(error: unknown): Promise<void> {
    throwIfAborted(this.signal);
    const passes = passing(error);
    if (passes === undefined) throw error;
    const waitMs = Math.max(passes.afterMs, backoffMs(this.#failures, this.timing));
    if (performance.now() + waitMs > this.#until) throw error;
    this.#failures += 1;
    await pause(waitMs, this.signal);
  }
}

/** Does what may be repeated, again and again until it succeeds, fails for good, or its time is up. */
export async function retrying<T>(
  work: () => Promise<T>,
  timing: S3Timing,
  signal: AbortSignal | undefined,
): Promise<T> {
  const tries = new Tries(timing, signal);
  for (;;) {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      await tries.again(error);
    }
  }
}
