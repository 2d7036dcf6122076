import type { TxStatus } from '@hyperledger/caliper-core';
import { transactionOf } from './calls.js';
import { MeasuredWorkload } from './measuredWorkload.js';
import { StepQueue, type Enqueue, type Step } from './story/stepQueue.js';

const firstBackoffMs = 50;
const maxBackoffMs = 1_000;

/** A workload whose transactions are steps of stories, of any contract. */
export abstract class QueuedWorkload extends MeasuredWorkload {
  protected queue = new StepQueue();
  /** A step that fails as often ends the run. */
  protected readonly maxFailures: number = 10;
  #begun = 0;
  #running = 0;
  /** The first reason for which a story broke off. */
  #broken: Error | undefined;

  /** How many stories have begun. */
  protected get begun(): number {
    return this.#begun;
  }

  /** How many of them have not ended. */
  protected get running(): number {
    return this.#running;
  }

  /** Another couple begins. Its first steps are ready when this returns. */
  protected abstract startCouple(): void;

  /** Begins a story; what it enqueues counts as its steps. */
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
   * Sends the next step, or the first of another couple; nothing where there is room for none.
   * @param mostCouples that may run side by side
   */
  protected async sendStep(mostCouples = Number.POSITIVE_INFINITY): Promise<void> {
    const step = this.queue.next() ?? this.#firstStep(mostCouples);
    if (step !== undefined) this.settle(step, await this.measure(step.call, step.story));
  }

  #firstStep(mostCouples: number): Step | undefined {
    if (this.#running >= mostCouples) return undefined;
    this.startCouple();
    return this.queue.next();
  }

  /** Lets the story of a step go on, or tries the step again later, as agents do: after a conflict, with jitter. */
  protected settle(step: Step, status: TxStatus): void {
    if (status.IsCommitted()) {
      step.resolve(Buffer.from(status.GetResult()));
      return;
    }
    step.failures += 1;
    if (step.failures === this.maxFailures) {
      const times = `${transactionOf(step.call)} failed ${this.maxFailures} times`;
      step.reject(new Error(`${times}; Caliper’s log says why.`));
      return;
    }
    const longest = Math.min(maxBackoffMs, firstBackoffMs * 2 ** step.failures);
    setTimeout(() => this.queue.add(step), Math.random() * longest).unref();
  }

  /** @throws Error once a story broke off: what is measured would not be the whole protocol any more. */
  protected checkStories(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}
