import { describe, expect, it } from 'vitest';
import { WorkQueue } from './workQueue.js';

const anybody = (): boolean => true;
const without = (busy: string) => (subject: string) => subject !== busy;

describe('WorkQueue', () => {
  it('hands out what is due, longest due first, and each once', () => {
    const queue = new WorkQueue();
    queue.add('later', 30);
    queue.add('first', 10);
    queue.add('second', 20);
    expect(queue.take(9, anybody)).toBeUndefined();
    expect([queue.take(25, anybody), queue.take(25, anybody), queue.take(25, anybody)]).toEqual([
      'first',
      'second',
      undefined,
    ]);
    expect(queue.nextAt(anybody)).toBe(30);
    expect(queue.take(30, anybody)).toBe('later');
    expect(queue.nextAt(anybody)).toBeUndefined();
  });

  it('keeps the earlier of two times', () => {
    const queue = new WorkQueue();
    queue.add('a', 20);
    queue.add('a', 10);
    queue.add('a', 30);
    expect(queue.nextAt(anybody)).toBe(10);
    expect([queue.take(10, anybody), queue.take(100, anybody)]).toEqual(['a', undefined]);
  });

  it('lets the later go first for as long as somebody is patient, and no longer', () => {
    const queue = new WorkQueue();
    queue.add('patient', 10, { yieldMs: 100 });
    queue.add('woken', 10, { yieldMs: 100 });
    queue.add('pressing', 50);
    queue.add('woken', 60);
    expect(queue.nextAt(anybody)).toBe(10);
    expect([queue.take(60, anybody), queue.take(60, anybody)]).toEqual(['pressing', 'woken']);
    queue.add('too late', 111);
    expect([queue.take(111, anybody), queue.take(111, anybody)]).toEqual(['patient', 'too late']);
  });

  it('drops what is due for nothing by the time of its turn, and keeps what is due for more', () => {
    const queue = new WorkQueue();
    let done = false;
    const isMoot = (): boolean => done;
    queue.add('done', 10, { isMoot });
    queue.add('done', 10, { isMoot });
    queue.add('also of use', 10, { isMoot });
    queue.add('also of use', 20, { isMoot: () => false });
    queue.add('also for a deadline', 30);
    queue.add('also for a deadline', 10, { isMoot });
    done = true;
    const taken = [queue.take(30, anybody), queue.take(30, anybody), queue.take(30, anybody)];
    expect(taken).toEqual(['also of use', 'also for a deadline', undefined]);
    expect(queue.nextAt(anybody)).toBeUndefined();
  });

  it('passes over the busy, who stay for later', () => {
    const queue = new WorkQueue();
    queue.add('busy', 10);
    queue.add('free', 20);
    const busy = without('busy');
    expect(queue.nextAt(busy)).toBe(20);
    expect(queue.take(15, busy)).toBeUndefined();
    expect([queue.take(20, busy), queue.take(20, busy)]).toEqual(['free', undefined]);
    expect(queue.take(20, anybody)).toBe('busy');
  });

  it('attack 42: gives every lane its turn, however much one of them holds', () => {
    const queue = new WorkQueue((subject) => subject.split('/')[0]!);
    for (let index = 0; index < 600; index += 1) queue.add(`flood/${index}`, index);
    queue.add('honest/1', 700);
    queue.add('honest/2', 700);
    const taken = Array.from({ length: 6 }, () => queue.take(1_000, anybody));
    expect(taken).toEqual(['flood/0', 'honest/1', 'flood/1', 'honest/2', 'flood/2', 'flood/3']);
  });

  it('lets a lane that is patient wait for one that is not, whoever had the last turn', () => {
    const queue = new WorkQueue((subject) => subject.split('/')[0]!);
    queue.add('told/1', 10);
    expect(queue.take(10, anybody)).toBe('told/1');
    queue.add('resync/1', 20, { yieldMs: 100 });
    queue.add('told/2', 20);
    expect([queue.take(20, anybody), queue.take(20, anybody)]).toEqual(['told/2', 'resync/1']);
  });
});
