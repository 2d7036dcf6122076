import type { MarketSettings } from '@veritrain/client-sdk';
import type { TransactionName } from '@veritrain/client-sdk/protocol';
import { ensureSettings, withTickPeriod, type MarketControl } from './marketControl.js';
import { castsOf, requireHosts, type Member, type WorkerPlace } from './preparedMarket.js';
import { QueuedWorkload } from './queuedWorkload.js';
import { playCouple } from './story/couple.js';
import { deadlinesOf, type Lapsing } from './story/deadlines.js';
import { sealLocation } from './story/sealedLocation.js';
import type { Shape } from './story/shape.js';
import type { Stage } from './story/stage.js';
import { StepQueue, submitBy } from './story/stepQueue.js';

interface StageOptions {
  readonly shape: Shape;
  /** Number of acting members, of all workers together. Default: every worker's first cast. */
  readonly members?: number | undefined;
  /** The story to play. Default: couples, from beginning to end. */
  readonly play?: (stage: Stage) => Promise<unknown>;
  /** Steps of this transaction are held back. */
  readonly hold?: TransactionName;
  /** The deadline to let pass. */
  readonly lapsing?: Lapsing | undefined;
  /** Period of the market's clock. Default: the prepared market's. */
  readonly tickPeriodMs?: number | undefined;
  readonly newcomers?: Member[];
}

/** A workload whose transactions are steps of couples' stories. */
export abstract class StoryWorkload extends QueuedWorkload {
  /** A stage for each cast. Stories alternate between them. */
  #stages: readonly Omit<Stage, 'submit'>[] = [];
  #play: (stage: Stage) => Promise<unknown> = playCouple;

  protected get place(): WorkerPlace {
    return { worker: this.workerIndex, workers: this.totalWorkers };
  }

  protected get control(): MarketControl {
    return { cast: this.cast, send: (call, readOnly) => this.send(call, readOnly) };
  }

  /**
   * Prepares for couples.
   * @returns the market's settings
   */
  protected async openStage(options: StageOptions): Promise<MarketSettings> {
    const { shape, members, play = playCouple, hold, lapsing, tickPeriodMs, newcomers = [] } = options;
    requireHosts(this.cast, shape.replicas);
    const before = this.market.settings;
    const settings = tickPeriodMs === undefined ? before : withTickPeriod(before, tickPeriodMs);
    await ensureSettings(this.control, this.workerIndex, settings);
    this.queue = new StepQueue(hold);
    this.#play = play;
    const casts =
      members === undefined
        ? [this.cast]
        : castsOf(this.market, this.place, Math.floor(members / (shape.replicas + 2)));
    this.#stages = await Promise.all(
      casts.map(async (cast) => ({
        cast,
        shape,
        settings,
        deadlines: deadlinesOf(settings, lapsing),
        sealedLocation: await sealLocation(cast.modelOwner),
        newcomers,
      })),
    );
    return settings;
  }

  /** Starts another story: a couple, unless the options name another. */
  protected override startCouple(): void {
    const stage = this.#stages[this.begun % this.#stages.length];
    if (stage === undefined) throw new Error('There is no stage yet.');
    this.begin(async (enqueue) => {
      await this.#play({ ...stage, submit: submitBy(enqueue) });
    });
  }
}
