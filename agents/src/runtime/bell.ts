import { setTimeout as delay } from 'node:timers/promises';

/** Wakes the one who waits; rings that come while nobody waits are kept as one. */
export class Bell {
  private rung = false;
  private wakeUp: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wakeUp?.();
  }

  /** Returns at the next ring, after `ms`, or when the signal fires. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
      const cancel = new AbortController();
      const rung = new Promise<void>((resolve) => (this.wakeUp = resolve));
      const timer = delay(ms, undefined, { signal: AbortSignal.any([signal, cancel.signal]) }).catch(
        () => undefined,
      );
      await Promise.race([rung, timer]);
      cancel.abort();
    }
    this.rung = false;
    this.wakeUp = undefined;
  }
}
