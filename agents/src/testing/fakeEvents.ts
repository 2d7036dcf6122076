import type { CommittedChange } from '@veritrain/client-sdk';

/** Events of a ledger that a test emits itself. */
export class FakeEvents {
  private readonly untold: CommittedChange[] = [];
  private wake = (): void => undefined;
  listeners = 0;
  breakNext = false;

  say(change: CommittedChange): void {
    this.untold.push(change);
    this.wake();
  }

  async *changes(signal: AbortSignal): AsyncGenerator<CommittedChange> {
    this.listeners += 1;
    signal.addEventListener('abort', () => {
      this.wake();
    });
    while (!signal.aborted && !this.breakNext) {
      const next = this.untold.shift();
      if (next === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
      else yield next;
    }
    this.breakNext = false;
  }

  break(): void {
    this.breakNext = true;
    this.wake();
  }
}
