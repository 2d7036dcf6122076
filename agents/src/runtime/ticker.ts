import type { Market } from '@veritrain/client-sdk';
import { isOvertaken } from './failure.js';
import type { Steps } from './steps.js';

/** Where nothing is due, a tick in so many periods is enough: each one costs whoever is just submitting a second try. */
const calmPeriods = 4;

/**
 * Moves the market's clock when it is needed and nobody else has: soon after a tick period where a deadline is due,
 * else now and then, so that deadlines start and what somebody holds back dies. A random part of the pause lets one of
 * many waiting agents come first; the others see its tick.
 */
export class Ticker {
  private lastAt: number;
  private share: number;

  constructor(
    private readonly market: Pick<Market, 'clock'>,
    private readonly steps: Steps,
    private readonly periodMs: number,
    now: number,
    private readonly random: () => number = Math.random,
  ) {
    this.lastAt = now;
    this.share = random();
  }

  /** Somebody ticked just now. */
  observe(now: number): void {
    this.lastAt = now;
    this.share = this.random();
  }

  /** When this agent would tick, if nobody does before. */
  nextAt(isDue: boolean): number {
    const periods = isDue ? 1 : calmPeriods;
    return this.lastAt + this.periodMs * periods * (1 + this.share / 2);
  }

  async tick(now: number, signal: AbortSignal): Promise<void> {
    this.observe(now);
    try {
      await this.steps.run('tick', {}, () => this.market.clock.tick({}, { signal }));
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
}
