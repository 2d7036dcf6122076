import { VeritrainError } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import { type AgentEvent, AgentEvents } from './agentEvent.js';
import { Steps } from './steps.js';
import { Ticker } from './ticker.js';

const { signal } = new AbortController();
const stamp = { transactionId: 't', blockNumber: 1n, result: { sequence: 1, time: 1_000 } };

function tickerOver(
  tick: () => Promise<typeof stamp>,
  shares: number[] = [0],
): { ticker: Ticker; done: string[] } {
  const done: string[] = [];
  const note = (event: AgentEvent): void => {
    if (event.kind === 'stepDone') done.push(event.step);
  };
  const steps = new Steps(new AgentEvents([note]));
  const clock = { tick, get: () => Promise.reject(new Error('not asked for')) };
  const random = (): number => shares.shift() ?? 0;
  return { ticker: new Ticker({ clock }, steps, 1_000, 0, random), done };
}

const ticks = (): Promise<typeof stamp> => Promise.resolve(stamp);
const refused =
  (code: string): (() => Promise<never>) =>
  () =>
    Promise.reject(new VeritrainError({ code, title: 'REFUSED', reason: 'No.', hint: '' }));

describe('Ticker', () => {
  it('ticks after one period where something is due, two to start a deadline, else four, and up to a half later', () => {
    const { ticker } = tickerOver(ticks, [0, 0.5]);
    const times = () => (['due', 'start', 'nothing'] as const).map((need) => ticker.nextAt(need));
    expect(times()).toEqual([1_000, 2_000, 4_000]);
    ticker.observe(10_000);
    expect(times()).toEqual([11_250, 12_500, 15_000]);
  });

  it('counts from its own tick, also one that failed', async () => {
    const { ticker, done } = tickerOver(ticks);
    await ticker.tick(5_000, signal);
    expect(ticker.nextAt('due')).toBe(6_000);
    expect(done).toEqual(['tick']);
    const failing = tickerOver(refused('VT8101')).ticker;
    await expect(failing.tick(7_000, signal)).rejects.toThrow('VT8101');
    expect(failing.nextAt('due')).toBe(8_000);
  });

  it('takes it well that somebody was quicker', async () => {
    for (const code of ['VT0401', 'VT0402']) {
      const { ticker, done } = tickerOver(refused(code));
      await ticker.tick(1_000, signal);
      expect(done).toEqual([]);
    }
  });
});
