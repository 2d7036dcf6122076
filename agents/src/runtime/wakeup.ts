/** Wakes a loop that waits. Rings that come while nothing waits are kept as one. */
export class Wakeup {
  private rung = false;
  private wakeUp: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wakeUp?.();
  }

  /** Returns at the next ring, after `ms`, or when the signal fires. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) await this.untilRung(ms, signal);
    this.rung = false;
    this.wakeUp = undefined;
  }

  /** Removes its listener from the signal, which lives as long as the agent. A combined signal would leak at each wait. */
  private untilRung(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.wakeUp = end;
    });
  }
}
