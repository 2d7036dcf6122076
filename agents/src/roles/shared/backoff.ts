/** Pauses that double, one series for each thing that is awaited: what does not come at once is asked for less often. */
export class Backoff {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  /** How long to wait before asking for it again. */
  next(key: string): number {
    const times = this.asked.get(key) ?? 0;
    this.asked.set(key, times + 1);
    return Math.min(this.longestMs, this.firstMs * 2 ** Math.min(times, 16));
  }

  /** Nothing whose key begins like this is awaited any more. */
  forget(prefix: string): void {
    for (const key of this.asked.keys()) if (key.startsWith(prefix)) this.asked.delete(key);
  }
}
