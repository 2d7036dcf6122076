import { describe, expect, it } from 'vitest';
import { oneAtATime } from './oneAtATime.js';

describe('one at a time', () => {
  it('does what has one key one after the other, in order, whatever fails, and what has another beside it', async () => {
    const log: string[] = [];
    let finish = (): void => undefined;
    const first = oneAtATime('a', async () => {
      log.push('first');
      await new Promise<void>((resolve) => (finish = resolve));
      throw new Error('first');
    });
    const second = oneAtATime('a', () => Promise.resolve(log.push('second')));
    const third = oneAtATime('a', () => Promise.resolve(log.push('third')));
    await oneAtATime('b', () => Promise.resolve(log.push('other')));
    expect(log).toEqual(['first', 'other']);
    finish();
    await expect(first).rejects.toThrow('first');
    await Promise.all([second, third]);
    expect(log).toEqual(['first', 'other', 'second', 'third']);
  });
});
