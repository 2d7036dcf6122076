import { z } from 'zod';
import { shape, storyTransactions } from './story/shape.js';
import { StoryWorkload } from './storyWorkload.js';

const transactionArguments = shape.extend({
  transaction: z.enum(storyTransactions),
  /** How many are prepared before the round, by all workers together: at least the round's `txNumber`. */
  count: z.int().min(1),
  rounds: shape.shape.rounds.unwrap().default(1),
});

/** Transactions in flight while couples are brought to the step. */
const lanes = 10;

/** One transaction alone: couples are brought to the step before it, and then nothing else is sent. */
class TransactionWorkload extends StoryWorkload {
  protected override async prepare(): Promise<void> {
    const { transaction, count, ...couple } = transactionArguments.parse(this.roundArguments ?? {});
    await this.openStage(couple, transaction);
    const share = Math.ceil(count / this.totalWorkers);
    await Promise.all(Array.from({ length: lanes }, () => this.#playUntilHeld(share)));
  }

  async #playUntilHeld(count: number): Promise<void> {
    while (this.queue.heldCount < count) {
      this.checkStories();
      const step = this.queue.next();
      if (step === undefined) this.startCouple();
      else this.settle(step, await this.send(step.call));
    }
  }

  protected override async sendNext(): Promise<void> {
    const step = this.queue.nextHeld();
    if (step === undefined) {
      throw new Error('All prepared transactions are sent: raise `count` to the round’s `txNumber`.');
    }
    await this.measure(step.call);
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): TransactionWorkload => new TransactionWorkload();
