import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Bell } from './bell.js';

const forEver = 600_000;

describe('Bell', () => {
  it('wakes the one who waits, and keeps a ring for the next who does', async () => {
    const bell = new Bell();
    const { signal } = new AbortController();
    const waiting = bell.wait(forEver, signal);
    bell.ring();
    await waiting;
    bell.ring();
    bell.ring();
    await bell.wait(forEver, signal);
    const kept = await Promise.race([
      bell.wait(forEver, signal).then(() => 'rung'),
      Promise.resolve('silent'),
    ]);
    expect(kept).toBe('silent');
    bell.ring();
  });

  it('lets go when the time is over or the signal fires, also one that fired before', async () => {
    const bell = new Bell();
    const controller = new AbortController();
    await bell.wait(1, controller.signal);
    const waiting = bell.wait(forEver, controller.signal);
    controller.abort();
    await waiting;
    await bell.wait(forEver, controller.signal);
  });

  it('leaves nothing behind, however often an agent waits', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const bell = new Bell();
    const { signal } = new AbortController();
    const heapAfter = async (waits: number): Promise<number> => {
      for (let wait = 0; wait < waits; wait += 1) {
        const woken = bell.wait(forEver, signal);
        bell.ring();
        await woken;
        if (wait % 100 === 0) await new Promise(setImmediate);
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await heapAfter(5_000);
    expect((await heapAfter(40_000)) - before).toBeLessThan(2_000_000);
  });
});
