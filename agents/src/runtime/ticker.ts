import type { Market } from '@veritrain/client-sdk';
import { isOvertaken } from './failure.js';
import type { Steps } from './steps.js';

/**
 * Moves the market's clock when it is needed and nobody else has: a tick period after the last tick, and a random
 * part of half a period more, so that one of many waiting agents comes first and the others see its tick.
 */
export class Ticker {
  private nextAt = 0;

  constructor(
    private readonly market: Pick<Market, 'clock'>,
    private readonly steps: Steps,
    private periodMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Somebody ticked just now. */
  observe(now: number): void {
    this.nextAt = now + this.periodMs * (1 + this.random() / 2);
  }

  /** The market's configuration changed. */
  setPeriod(ms: number): void {
    this.periodMs = ms;
  }

  /** When this agent would tick, if nobody does before. */
  dueAt(): number {
    return this.nextAt;
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
