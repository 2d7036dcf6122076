import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** What Caliper gives a rate controller. */
interface TestMessage {
  getRateControlSpec(): { readonly opts?: unknown };
  getWorkersNumber(): number;
}

/** Caliper's counts of this worker's transactions in the round under way. */
interface Statistics {
  getTotalSubmittedTx(): number;
  getTotalFinishedTx(): number;
}

const inFlightOptions = z.strictObject({
  /** How many transactions are under way at any time, of all workers together. */
  transactionLoad: z.int().min(1),
});

/** Long enough for answers to be read, short against any transaction. */
const pauseMs = 1;

/**
 * Keeps a number of transactions in flight. Caliper's own `fixed-load` comes near it only: until the first has ended it
 * sends at a fixed rate, and then it may sleep for as long as all of them took.
 */
class InFlight {
  readonly #most: number;

  constructor(
    message: TestMessage,
    private readonly statistics: Statistics,
    workerIndex: number,
  ) {
    const { transactionLoad } = inFlightOptions.parse(message.getRateControlSpec().opts);
    const workers = message.getWorkersNumber();
    const share = Math.floor(transactionLoad / workers) + (workerIndex < transactionLoad % workers ? 1 : 0);
    if (share === 0) throw new Error(`${transactionLoad} in flight are too few for ${workers} workers.`);
    this.#most = share;
  }

  /** Returns when the next transaction may be sent. */
  async applyRateControl(): Promise<void> {
    while (this.#inFlight() >= this.#most) await delay(pauseMs);
  }

  #inFlight(): number {
    return this.statistics.getTotalSubmittedTx() - this.statistics.getTotalFinishedTx();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

/** Called by Caliper in each worker. */
export const createRateController = (
  message: TestMessage,
  statistics: Statistics,
  workerIndex: number,
): InFlight => new InFlight(message, statistics, workerIndex);
