import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OrderedTransaction } from '../commit/committer.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';

export interface BatchLimits {
  /** Maximum transactions in a block. */
  readonly size: number;
  /** The orderer cuts a block before it exceeds this size. A larger transaction gets its own block. */
  readonly preferredBytes: number;
  /** The orderer refuses transactions while this many bytes are waiting. */
  readonly queuedBytes: number;
  /** Minimum time between blocks that are not full. After a longer pause a transaction does not wait. */
  readonly timeoutMs: number;
}

/**
 * Orders transactions and cuts blocks by count, bytes and time. While one block is being committed the next one fills,
 * so a slow disk makes larger blocks instead of longer queues.
 */
export class Orderer {
  private readonly queue: OrderedTransaction[] = [];
  private lastCutAt = Number.NEGATIVE_INFINITY;
  private queuedBytes = 0;
  private wake: () => void = () => undefined;
  private closing = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly limits: BatchLimits,
    private readonly commit: (batch: readonly OrderedTransaction[]) => Promise<void>,
    private readonly log: Log,
  ) {
    this.done = this.run();
  }

  /**
   * Accepts a transaction, which is durable only once its block is. Returns false while too many wait, as on a full
   * disk.
   */
  submit(transaction: OrderedTransaction): boolean {
    if (this.queuedBytes >= this.limits.queuedBytes) return false;
    this.queue.push(transaction);
    this.queuedBytes += transaction.envelope.length;
    this.wake();
    return true;
  }

  /** Commits the accepted transactions, then stops. */
  async close(): Promise<void> {
    this.closing = true;
    this.wake();
    await this.done;
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.queue.length === 0) {
        if (this.closing) return;
        await this.sleep(undefined);
        continue;
      }
      const rest = this.limits.timeoutMs - (performance.now() - this.lastCutAt);
      if (rest > 0 && !this.closing && !this.isFull()) {
        await this.sleep(rest);
        continue;
      }
      this.lastCutAt = performance.now();
      await this.commitOrTell(this.cut());
      await nextTurn();
    }
  }

  private async commitOrTell(batch: readonly OrderedTransaction[]): Promise<void> {
    try {
      await this.commit(batch);
    } catch (error) {
      this.log(`a block of ${String(batch.length)} transactions could not be committed: ${messageOf(error)}`);
    }
  }

  private isFull(): boolean {
    return this.queue.length >= this.limits.size || this.queuedBytes > this.limits.preferredBytes;
  }

  private cut(): OrderedTransaction[] {
    let bytes = 0;
    let count = 0;
    for (const { envelope } of this.queue) {
      const full = count >= this.limits.size || bytes + envelope.length > this.limits.preferredBytes;
      if (count > 0 && full) break;
      bytes += envelope.length;
      count++;
    }
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  private async sleep(milliseconds: number | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}
