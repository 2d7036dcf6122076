import { backoffMs } from '@veritrain/client-sdk/errors';

/** How long to wait before the next try. Without jitter, since an agent waits for itself alone. */
export const pauseMs = (failures: number, firstMs: number, longestMs: number): number =>
  backoffMs(failures, { firstMs, longestMs }, () => 1);

/** Pauses that double, one series for each object that is awaited. */
export class Backoff {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** How long to wait before the next try. */
  next(key: string): number {
    const times = this.asked.get(key) ?? 0;
    this.asked.set(key, times + 1);
    return pauseMs(times, this.firstMs, this.maxMs);
  }

  /** Ends the series of every key with this prefix. */
  forget(prefix: string): void {
    for (const key of this.asked.keys()) if (key.startsWith(prefix)) this.asked.delete(key);
  }
}
