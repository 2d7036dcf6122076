import type { CommittedChange } from '@veritrain/client-sdk';
import { demoError } from './errors/demoError.js';

/** A market's events, each at least once. */
export interface ChangeSource {
  watch(options: { signal: AbortSignal }): AsyncIterable<CommittedChange>;
}

interface Wait {
  readonly matches: (change: CommittedChange) => boolean;
  readonly resolve: (change: CommittedChange) => void;
}

/** The demo counts as stalled when nothing but the clock moved for this long, ms. */
const stalledMs = 300_000;

/**
 * Reads the market's changes from the first block on, counts transactions and blocks, hands every change on, and lets the
 * demo wait for the change that it needs.
 */
export class Follower {
  private readonly seen: CommittedChange[] = [];
  private readonly waits = new Set<Wait>();
  private readonly keys = new Set<string>();
  private readonly transactionIds = new Set<string>();
  private lastBlock = 0n;
  private movedAt = Date.now();

  constructor(
    private readonly source: ChangeSource,
    private readonly onChange: (change: CommittedChange) => void,
  ) {}

  /** Transactions that changed something, and blocks, up to the last change that was read. */
  get counts(): { transactions: number; blocks: number } {
    return { transactions: this.transactionIds.size, blocks: Number(this.lastBlock) + 1 };
  }

  /** Reads until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for await (const change of this.source.watch({ signal })) this.take(change);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /**
   * The first change that matches, past or future.
   * @throws DEMO_STALLED where nothing moved for five minutes; the signal's reason where it fires
   */
  async until(
    what: string,
    matches: (change: CommittedChange) => boolean,
    signal: AbortSignal,
  ): Promise<CommittedChange> {
    const past = this.seen.find(matches);
    if (past !== undefined) return past;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.waits.delete(wait);
        clearInterval(watch);
        signal.removeEventListener('abort', stopped);
      };
      const stopped = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const wait: Wait = {
        matches,
        resolve: (change) => {
          end();
          resolve(change);
        },
      };
      const watch = setInterval(() => {
        if (Date.now() - this.movedAt < stalledMs) return;
        end();
        reject(
          demoError('VT9602', `Nothing moved for ${stalledMs / 60_000} minutes while waiting for ${what}.`),
        );
      }, 1_000);
      this.waits.add(wait);
      signal.addEventListener('abort', stopped);
    });
  }

  private take(change: CommittedChange): void {
    this.transactionIds.add(change.transactionId);
    if (change.blockNumber > this.lastBlock) this.lastBlock = change.blockNumber;
    const key = keyOf(change);
    if (change.type === 'ClockTicked' || this.keys.has(key)) return;
    this.keys.add(key);
    this.movedAt = Date.now();
    this.seen.push(change);
    this.onChange(change);
    for (const wait of [...this.waits]) if (wait.matches(change)) wait.resolve(change);
  }
}

/** A change that is read twice has the same key. */
const keyOf = (change: CommittedChange): string =>
  JSON.stringify(change, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
