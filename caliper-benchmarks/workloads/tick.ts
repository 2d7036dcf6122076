import { tickArguments } from './arguments/tick.js';
import { StoryWorkload } from './storyWorkload.js';
import { shape } from './story/shape.js';

/** Time between two ticks, in periods. It leaves room for a late tick before the next one. */
const spacing = 1.5;

/** Only the market's clock: the workers take turns to tick. */
class TickWorkload extends StoryWorkload {
  #turnMs = 0;
  #nextAt = 0;

  protected override async prepare(): Promise<void> {
    const { tickPeriodMs } = tickArguments.parse(this.roundArguments ?? {});
    const settings = await this.openStage({ shape: shape.parse({ replicas: 1 }), tickPeriodMs });
    this.#turnMs = Math.ceil(spacing * settings.tickPeriodMs);
    this.#nextAt = this.#turnAfter(Date.now());
  }

  /** Turns begin with the epoch, so the workers need not agree on anything. */
  #turnAfter(now: number): number {
    const cycleMs = this.#turnMs * this.totalWorkers;
    return (Math.floor(now / cycleMs) + 1) * cycleMs + this.workerIndex * this.#turnMs;
  }

  protected override async sendNext(): Promise<void> {
    const now = Date.now();
    if (now < this.#nextAt) return;
    const isLate = now >= this.#nextAt + this.#turnMs / 10;
    this.#nextAt = this.#turnAfter(now);
    if (!isLate) await this.measure({ member: this.cast.dataOwner, transaction: 'Tick', input: {} });
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): TickWorkload => new TickWorkload();
