import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { shareOf } from '../workloads/share.js';

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
  /** How many were sent when the last one was let through. */
  #submitted = -1;

  constructor(
    message: TestMessage,
    private readonly statistics: Statistics,
    workerIndex: number,
  ) {
    const { transactionLoad } = inFlightOptions.parse(message.getRateControlSpec().opts);
    const workers = message.getWorkersNumber();
    const share = shareOf(transactionLoad, workerIndex, workers);
    if (share === 0) throw new Error(`${transactionLoad} in flight are too few for ${workers} workers.`);
    this.#most = share;
  }

  /** Returns when the next transaction may be sent. */
  async applyRateControl(): Promise<void> {
    // A workload sends nothing where each of its couples waits for an answer. It is asked again after a pause.
    if (this.statistics.getTotalSubmittedTx() === this.#submitted) await delay(pauseMs);
    while (this.#inFlight() >= this.#most) await delay(pauseMs);
    this.#submitted = this.statistics.getTotalSubmittedTx();
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
