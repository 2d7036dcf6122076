import type { Market } from '@veritrain/client-sdk';
import { isOvertaken } from './failure.js';
import type { Steps } from './steps.js';

/**
 * Tick periods between two ticks, by what the ledger's deadlines need. A tick makes members that are submitting at that
 * moment retry, so needless ticks do harm. A deadline starts with the second tick after it was set.
 */
const periodsFor = { due: 1, start: 2, nothing: 4 } as const;

/** What a tick is needed for: to pass a deadline that is due, to start one, or only to end what a member holds back. */
export type TickNeed = keyof typeof periodsFor;

/**
 * Moves the market's clock when that is needed and no other member does. A random part of the pause lets one of many
 * waiting agents come first; the others see its tick.
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

  /** A member ticked just now. */
  observe(now: number): void {
    this.lastAt = now;
    this.share = this.random();
  }

  /** When this agent ticks, unless another member does before. */
  nextAt(need: TickNeed): number {
    return this.lastAt + this.periodMs * periodsFor[need] * (1 + this.share / 2);
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
