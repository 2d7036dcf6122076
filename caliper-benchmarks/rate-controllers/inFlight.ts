import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { shareOf } from '../workloads/share.js';

/** A message from Caliper to a rate controller. */
interface TestMessage {
  getRateControlSpec(): { readonly opts?: unknown };
  getWorkersNumber(): number;
}

/** Caliper's counts of this worker's transactions in the current round. */
interface Statistics {
  getTotalSubmittedTx(): number;
  getTotalFinishedTx(): number;
}

const inFlightOptions = z.strictObject({
  /** Transactions in flight at any time, over all workers. */
  transactionLoad: z.int().min(1),
});

/** Long enough to read answers, and much shorter than any transaction. */
const pauseMs = 1;

/**
 * Keeps a number of transactions in flight. Caliper's own `fixed-load` only approximates it: until the first
 * transaction has ended it sends at a fixed rate, and then it may sleep for as long as all of them took.
 */
class InFlight {
  readonly #most: number;
  /** The number of sent transactions at the last permission. */
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
    // A workload sends nothing while each of its couples waits for an answer. The controller asks it again after a
    // pause.
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
