import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Wakeup } from './wakeup.js';

const forEver = 600_000;

describe('Wakeup', () => {
  it('wakes the one who waits, and keeps a ring for the next who does', async () => {
    const wakeup = new Wakeup();
    const { signal } = new AbortController();
    const waiting = wakeup.wait(forEver, signal);
    wakeup.ring();
    await waiting;
    wakeup.ring();
    wakeup.ring();
    await wakeup.wait(forEver, signal);
    const kept = await Promise.race([
      wakeup.wait(forEver, signal).then(() => 'rung'),
      Promise.resolve('silent'),
    ]);
    expect(kept).toBe('silent');
    wakeup.ring();
  });

  it('lets go when the time is over or the signal fires, also one that fired before', async () => {
    const wakeup = new Wakeup();
    const controller = new AbortController();
    await wakeup.wait(1, controller.signal);
    const waiting = wakeup.wait(forEver, controller.signal);
    controller.abort();
    await waiting;
    await wakeup.wait(forEver, controller.signal);
  });

  it('leaves nothing behind, however often an agent waits', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const wakeup = new Wakeup();
    const { signal } = new AbortController();
    const heapAfter = async (waits: number): Promise<number> => {
      for (let wait = 0; wait < waits; wait += 1) {
        const woken = wakeup.wait(forEver, signal);
        wakeup.ring();
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
