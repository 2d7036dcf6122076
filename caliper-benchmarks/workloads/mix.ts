import { mixArguments } from './arguments/mix.js';
import type { Call } from './calls.js';
import { shareOf } from './share.js';
import { spreadStories } from './story/spread.js';
import { stepsOf } from './story/steps.js';
import { StoryWorkload } from './storyWorkload.js';

/** The whole protocol as agents run it: couples side by side, and a new one when none has a step to take. */
class MixWorkload extends StoryWorkload {
  #maxCouples = Number.POSITIVE_INFINITY;
  #tickPeriodMs = 0;
  #nextTickAt: number | undefined;

  protected override async prepare(): Promise<void> {
    const { couples, spread, members, ...couple } = mixArguments.parse(this.roundArguments ?? {});
    if (couples !== undefined) this.#maxCouples = shareOf(couples, this.workerIndex, this.totalWorkers);
    const { tickPeriodMs } = await this.openStage({ shape: couple, members });
    this.#tickPeriodMs = tickPeriodMs;
    if (spread) await this.#spread(stepsOf(couple));
  }

  async #spread(steps: number): Promise<void> {
    const stories = this.#maxCouples;
    for (let begun = 0; begun < stories; begun += 1) this.startCouple();
    await spreadStories({
      queue: this.queue,
      stories,
      steps,
      check: () => this.checkStories(),
      send: async (step) => {
        const status = await this.send(step.call);
        this.settle(step, status);
        return status.IsCommitted();
      },
    });
  }

  protected override async sendNext(): Promise<void> {
    this.checkStories();
    if (this.#isTickDue()) {
      // The next tick replaces a failed one. Agents, too, accept that another member ticked first.
      await this.measure(this.#tick());
      return;
    }
    await this.sendStep(this.#maxCouples);
  }

  /**
   * The first worker moves the market's clock once a period, first in the middle of a period. So a round of several
   * periods has as many ticks, and none of them coincides with the burst of its first transactions.
   */
  #isTickDue(): boolean {
    if (this.workerIndex > 0) return false;
    const now = Date.now();
    this.#nextTickAt ??= now + this.#tickPeriodMs / 2;
    if (now < this.#nextTickAt) return false;
    this.#nextTickAt = now + this.#tickPeriodMs;
    return true;
  }

  #tick(): Call {
    return { member: this.cast.dataOwner, transaction: 'Tick', input: {} };
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): MixWorkload => new MixWorkload();
