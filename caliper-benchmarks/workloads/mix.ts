import type { Call } from './measuredWorkload.js';
import { shape } from './story/shape.js';
import { StoryWorkload } from './storyWorkload.js';

/** The whole protocol as agents produce it: couples side by side, a new one when none has a step to take. */
class MixWorkload extends StoryWorkload {
  #tickPeriodMs = 0;
  #nextTickAt = 0;

  protected override async prepare(): Promise<void> {
    const { tickPeriodMs } = await this.openStage(shape.parse(this.roundArguments ?? {}));
    this.#tickPeriodMs = tickPeriodMs;
  }

  protected override async sendNext(): Promise<void> {
    this.checkStories();
    if (this.#isTickDue()) {
      // One that fails is made up for by the next: agents take it well, too, that somebody was quicker.
      await this.measure(this.#tick());
      return;
    }
    const step = this.queue.next() ?? this.#firstStep();
    this.settle(step, await this.measure(step.call));
  }

  #firstStep() {
    this.startCouple();
    const step = this.queue.next();
    if (step === undefined) throw new Error('A couple began without a step.');
    return step;
  }

  /** The first worker moves the market's clock, once a period. */
  #isTickDue(): boolean {
    const now = Date.now();
    if (this.workerIndex > 0 || now < this.#nextTickAt) return false;
    this.#nextTickAt = now + this.#tickPeriodMs;
    return true;
  }

  #tick(): Call {
    return { member: this.cast.dataOwner, transaction: 'Tick', input: {} };
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): MixWorkload => new MixWorkload();
