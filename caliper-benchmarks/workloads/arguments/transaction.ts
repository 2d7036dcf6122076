import { z } from 'zod';
import { aloneTransactions } from '../story/alone.js';
import { shape } from '../story/shape.js';

/** Arguments of the workload `transaction`. */
export const transactionArguments = shape.extend({
  transaction: z.enum(aloneTransactions),
  /** Number prepared before the round, by all workers together: at least the round's `txNumber`. */
  count: z.int().min(1),
  rounds: shape.shape.rounds.unwrap().default(1),
  /**
   * Period of the market's clock during the round, for a transaction that waits for a deadline of 20 periods or more.
   */
  tickPeriodMs: z.int().min(100).optional(),
});
