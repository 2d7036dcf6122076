import { ContractError, type Clock } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/**
 * Sets the clock to the transaction's own timestamp. The endorser's clock is only a guard: it may refuse the tick but
 * never enters a result, so endorsers always write the same.
 */
export async function tick(tx: Transaction): Promise<Clock> {
  const [{ settings }, last] = await Promise.all([tx.config(), tx.clock()]);
  const { tickPeriodMs, windowMs } = settings;
  const time = tx.proposedAt;
  if (time < last.time + tickPeriodMs) {
    throw new ContractError('TICK_TOO_EARLY', 'The last tick is less than a period ago.', {
      last: last.time,
      time,
      tickPeriodMs,
    });
  }
  const offMs = Math.abs(time - Date.now());
  if (offMs > windowMs) {
    throw new ContractError('TICK_OUT_OF_WINDOW', 'The timestamp is too far from the endorser’s clock.', {
      offMs,
      windowMs,
    });
  }
  const next: Clock = { sequence: last.sequence + 1, time };
  tx.ledger.put(records.clock, [], next);
  tx.ledger.put(records.tick, [next.sequence], next);
  tx.emit({ type: 'ClockTicked', ...next });
  return next;
}
