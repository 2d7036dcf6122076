import type { MarketSettings } from '@veritrain/client-sdk';
import { limits } from '@veritrain/client-sdk/schemas';

type ClockTimes = Pick<MarketSettings, 'tickPeriodMs' | 'windowMs' | 'leastDeadlineMs' | 'mostDeadlineMs'>;

/**
 * A market's times for a period of its clock: the widest window and the shortest deadlines that the contract allows.
 * @param mostDeadlineMs increased if a round's five deadlines would not fit into it
 */
export const clockTimes = (tickPeriodMs: number, mostDeadlineMs: number): ClockTimes => ({
  tickPeriodMs,
  windowMs: Math.floor(tickPeriodMs / 2),
  leastDeadlineMs: limits.minPeriods * tickPeriodMs,
  mostDeadlineMs: Math.max(mostDeadlineMs, 5 * limits.minPeriods * tickPeriodMs),
});
