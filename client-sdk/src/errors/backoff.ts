import { setTimeout as sleep } from 'node:timers/promises';
import { abortError } from './abort.js';

/** Pauses between tries, each twice as long as the one before. */
export interface Backoff {
  /** Milliseconds that the first wait is drawn from. */
  readonly firstMs: number;
  /** No wait is longer than this many milliseconds. */
  readonly longestMs: number;
}

/**
 * Milliseconds to wait before try number `attempt` + 1: exponential with full jitter, so that members who met in one
 * conflict do not meet again in the next.
 *
 * @param random a number from 0 to 1; 1 gives the longest wait, without jitter
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff, random = Math.random): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** attempt);
  return Math.round(ceiling * (0.2 + 0.8 * random()));
}

/** Waits, or throws ABORTED as soon as the signal fires. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (cause) {
    if (signal?.aborted) throw abortError(signal);
    throw cause;
  }
}
