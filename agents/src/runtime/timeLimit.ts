import { setTimeout as delay } from 'node:timers/promises';
import type { VeritrainError } from '@veritrain/client-sdk';
import { memberError } from '@veritrain/member/errors';

export interface TimeLimit {
  readonly ms: number;
  /** What is asked of the vault, for the error. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an action for at most `ms`. After that, or when the signal fires, the action's own signal fires, and the caller
 * waits no longer, whether the action heeds its signal or not.
 * @param action gets its signal, and a function that restarts the time, to call after each progress
 * @throws VAULT_TOO_SLOW once the time is over; the signal's reason; whatever the action throws
 */
export function within<T>(
  { ms, what, signal }: TimeLimit,
  action: (signal: AbortSignal, restart: () => void) => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
  const own = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const end = (reason: Error): void => {
      settle();
      reject(reason);
      own.abort(reason);
    };
    const stop = (): void => end(signal?.reason as Error);
    const arm = (): NodeJS.Timeout => setTimeout(() => end(tooSlow(what, ms)), ms);
    let timer = arm();
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    const restart = (): void => {
      if (own.signal.aborted) return;
      clearTimeout(timer);
      timer = arm();
    };
    signal?.addEventListener('abort', stop);
    const whole = action(own.signal, restart).finally(settle);
    whole.then(resolve, reject);
    noteUnderWay(whole);
  });
}

/** Waits for work no longer than until the signal fires. @throws the signal's reason; whatever the work throws before */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const fired = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, fired]);
  } catch (error) {
    throw signal.aborted ? (signal.reason as Error) : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const underWay = new Set<Promise<unknown>>();

function noteUnderWay(action: Promise<unknown>): void {
  const settled = action.then(
    () => undefined,
    () => undefined,
  );
  underWay.add(settled);
  void settled.then(() => underWay.delete(settled));
}

/** Whether all actions that run, also those that are no longer awaited, end within `ms`. */
export const underWayEnds = (ms: number): Promise<boolean> => endsWithin(ms, [...underWay]);

/** Whether all of the work ends within `ms`. */
export async function endsWithin(ms: number, work: readonly Promise<unknown>[]): Promise<boolean> {
  const over = new AbortController();
  const tooLate = delay(ms, false, { signal: over.signal }).catch(() => false);
  const isWhole = await Promise.race([Promise.all(work).then(() => true), tooLate]);
  over.abort();
  return isWhole;
}

const tooSlow = (what: string, ms: number): VeritrainError =>
  memberError('VT9241', `The vault did not answer in time: ${what}.`, { facts: { ms: Math.round(ms) } });
