import type { TxStatus } from '@hyperledger/caliper-core';
import { backoffMs } from '@veritrain/client-sdk/errors';
import { transactionOf } from './calls.js';
import { MeasuredWorkload } from './measuredWorkload.js';
import { StepQueue, type Enqueue, type Step } from './story/stepQueue.js';

const pauses = { firstMs: 50, longestMs: 1_000 };

/** A workload whose transactions are steps of stories, of any contract. */
export abstract class QueuedWorkload extends MeasuredWorkload {
  protected queue = new StepQueue();
  /** A step that fails this often ends the run. */
  protected readonly maxFailures: number = 10;
  #begun = 0;
  #running = 0;
  /** The error of the first aborted story. */
  #broken: Error | undefined;

  /** Number of stories that have begun. */
  protected get begun(): number {
    return this.#begun;
  }

  /** Number of them that have not ended. */
  protected get running(): number {
    return this.#running;
  }

  /** Starts another couple. Its first steps are ready when this returns. */
  protected abstract startCouple(): void;

  /** Begins a story. The steps that it enqueues are its own. */
  protected begin(play: (enqueue: Enqueue) => Promise<void>): void {
    const story = this.#begun;
    this.#begun += 1;
    this.#running += 1;
    const startedAt = Date.now();
    play(this.queue.enqueueFor(story)).then(
      () => {
        this.#running -= 1;
        this.noteFinished({ story, startedAt, endedAt: Date.now() });
      },
      (error: unknown) => {
        this.#broken ??= error instanceof Error ? error : new Error(String(error));
      },
    );
  }

  /**
   * Sends the next step, or the first step of another couple, or nothing if no more couples may run.
   * @param maxCouples the maximum of simultaneous couples
   */
  protected async sendStep(maxCouples = Number.POSITIVE_INFINITY): Promise<void> {
    const step = this.queue.next() ?? this.#firstStep(maxCouples);
    if (step !== undefined) this.settle(step, await this.measure(step.call, step.story));
  }

  #firstStep(maxCouples: number): Step | undefined {
    if (this.#running >= maxCouples) return undefined;
    this.startCouple();
    return this.queue.next();
  }

  /**
   * Continues the story of a committed step, or repeats a failed step later with jitter, as agents do after a conflict.
   */
  protected settle(step: Step, status: TxStatus): void {
    if (status.IsCommitted()) {
      step.resolve(Buffer.from(status.GetResult()));
      return;
    }
    step.failures += 1;
    if (step.failures === this.maxFailures) {
      const times = `${transactionOf(step.call)} failed ${this.maxFailures} times`;
      step.reject(new Error(`${times}; Caliper’s log has the reason.`));
      return;
    }
    setTimeout(() => this.queue.add(step), backoffMs(step.failures, pauses)).unref();
  }

  /** @throws Error once a story was aborted, since the measurement would no longer cover the whole protocol */
  protected checkStories(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}
