import { transactions } from '@veritrain/client-sdk/protocol';
import { transactionArguments } from './arguments/transaction.js';
import { passDeadline } from './marketControl.js';
import { newcomersOf, type Member } from './preparedMarket.js';
import { originOf } from './story/alone.js';
import { deadlinesOf } from './story/deadlines.js';
import { StoryWorkload } from './storyWorkload.js';

/** Maximum transactions in flight while stories advance to the step. */
const concurrency = 10;

/** One transaction alone: stories advance to the step before it, and then only that step is sent. */
class TransactionWorkload extends StoryWorkload {
  protected override async prepare(): Promise<void> {
    const { transaction, count, tickPeriodMs, ...couple } = transactionArguments.parse(
      this.roundArguments ?? {},
    );
    const { play, lapsing } = originOf(transaction);
    const share = Math.ceil(count / this.totalWorkers);
    const settings = await this.openStage({
      shape: couple,
      play,
      hold: transaction,
      lapsing,
      tickPeriodMs,
      newcomers: transaction === 'RegisterParticipant' ? await this.#unregistered(share) : [],
    });
    await Promise.all(Array.from({ length: concurrency }, () => this.#playUntilHeld(share)));
    if (lapsing !== undefined)
      await passDeadline(this.control, deadlinesOf(settings, lapsing)[`${lapsing}Ms`]);
  }

  /** This many of the prepared newcomers that no round has registered, or all if there are fewer. */
  async #unregistered(count: number): Promise<Member[]> {
    const found: Member[] = [];
    for (const member of newcomersOf(this.market, this.place)) {
      if (found.length === count) break;
      const status = await this.send({ member, transaction: 'WhoAmI', input: {} }, true);
      const answer: unknown = JSON.parse(Buffer.from(status.GetResult()).toString());
      if (transactions.WhoAmI.output.parse(answer).participant === null) found.push(member);
    }
    return found;
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
      throw new Error('All prepared transactions have been sent: raise `count` to the round’s `txNumber`.');
    }
    await this.measure(step.call);
  }
}

/** Called by Caliper in each worker. */
export const createWorkloadModule = (): TransactionWorkload => new TransactionWorkload();
