import { describe, expect, it } from 'vitest';
import { WorkQueue } from './workQueue.js';

const nobody = new Set<string>();

describe('WorkQueue', () => {
  it('hands out what is due, longest due first, and each once', () => {
    const queue = new WorkQueue();
    queue.add('later', 30);
    queue.add('first', 10);
    queue.add('second', 20);
    expect(queue.take(9, nobody)).toBeUndefined();
    expect([queue.take(25, nobody), queue.take(25, nobody), queue.take(25, nobody)]).toEqual([
      'first',
      'second',
      undefined,
    ]);
    expect(queue.nextAt(nobody)).toBe(30);
    expect(queue.take(30, nobody)).toBe('later');
    expect(queue.nextAt(nobody)).toBeUndefined();
  });

  it('keeps the earlier of two times', () => {
    const queue = new WorkQueue();
    queue.add('a', 20);
    queue.add('a', 10);
    queue.add('a', 30);
    expect(queue.nextAt(nobody)).toBe(10);
    expect([queue.take(10, nobody), queue.take(100, nobody)]).toEqual(['a', undefined]);
  });

  it('lets the later go first for as long as somebody is patient, and no longer', () => {
    const queue = new WorkQueue();
    queue.add('patient', 10, 100);
    queue.add('woken', 10, 100);
    queue.add('pressing', 50);
    queue.add('woken', 60);
    expect(queue.nextAt(nobody)).toBe(10);
    expect([queue.take(60, nobody), queue.take(60, nobody)]).toEqual(['pressing', 'woken']);
    queue.add('too late', 111);
    expect([queue.take(111, nobody), queue.take(111, nobody)]).toEqual(['patient', 'too late']);
  });

  it('passes over the busy, who stay for later', () => {
    const queue = new WorkQueue();
    queue.add('busy', 10);
    queue.add('free', 20);
    const busy = new Set(['busy']);
    expect(queue.nextAt(busy)).toBe(20);
    expect(queue.take(15, busy)).toBeUndefined();
    expect([queue.take(20, busy), queue.take(20, busy)]).toEqual(['free', undefined]);
    expect(queue.take(20, nobody)).toBe('busy');
  });
});
