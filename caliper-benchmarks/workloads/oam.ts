import { playOamCouple, type OamStage } from './oam/couple.js';
import { oamShape } from './oam/shape.js';
import { oamSubmitBy } from './oam/submit.js';
import { requireHosts } from './preparedMarket.js';
import { QueuedWorkload } from './queuedWorkload.js';
import { sealLocation } from './story/sealedLocation.js';

/** OAM's own flow: couples side by side, and a new one when none has a call to make. */
class OamWorkload extends QueuedWorkload {
  /** The hosts of a round conflict with each other repeatedly, even on a healthy ledger. */
  protected override readonly maxFailures = 100;
  #stage: Omit<OamStage, 'submit'> | undefined;

  protected override async prepare(): Promise<void> {
    const { cast } = this;
    const shape = oamShape.parse(this.roundArguments ?? {});
    requireHosts(cast, shape.replicas);
    this.#stage = { cast, shape, sealedLocation: await sealLocation(cast.modelOwner) };
  }

  protected override startCouple(): void {
    const stage = this.#stage;
    if (stage === undefined) throw new Error('There is no stage yet.');
    this.begin((enqueue) => playOamCouple({ ...stage, submit: oamSubmitBy(enqueue, stage.shape.contract) }));
  }

  protected override async sendNext(): Promise<void> {
    this.checkStories();
    await this.sendStep();
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): OamWorkload => new OamWorkload();
