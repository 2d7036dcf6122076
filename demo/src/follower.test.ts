import type { CommittedChange } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import { Follower } from './follower.js';

type Change = Pick<CommittedChange, 'type' | 'transactionId' | 'blockNumber'>;

const change = (type: CommittedChange['type'], block: number, transaction = block): CommittedChange =>
  ({
    type,
    transactionId: transaction.toString(),
    blockNumber: BigInt(block),
  }) satisfies Change as CommittedChange;

/** A market whose changes are pushed by hand. */
function follow(): {
  follower: Follower;
  push: (change: CommittedChange) => void;
  heard: string[];
  stop: AbortController;
} {
  const queue: CommittedChange[] = [];
  let wake = (): void => undefined;
  const stop = new AbortController();
  async function* watch(): AsyncGenerator<CommittedChange, void, undefined> {
    while (!stop.signal.aborted) {
      const next = queue.shift();
      if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield next;
    }
  }
  const heard: string[] = [];
  const follower = new Follower({ watch }, (each) => heard.push(each.type));
  void follower.run(stop.signal);
  const push = (each: CommittedChange): void => {
    queue.push(each);
    wake();
  };
  return { follower, push, heard, stop };
}

describe('Follower', () => {
  it('waits for a change, be it past or to come, and hands every change on', async () => {
    const { follower, push, heard } = follow();
    const later = follower.until(
      'an approval',
      ({ type }) => type === 'TrainingApproved',
      new AbortController().signal,
    );
    push(change('TrainingRequested', 4));
    push(change('TrainingApproved', 5));
    expect((await later).blockNumber).toBe(5n);
    const past = await follower.until(
      'a request',
      ({ type }) => type === 'TrainingRequested',
      new AbortController().signal,
    );
    expect(past.blockNumber).toBe(4n);
    expect(heard).toEqual(['TrainingRequested', 'TrainingApproved']);
  });

  it('takes a change that comes twice for one, and counts transactions and blocks with those of the clock', async () => {
    const { follower, push, heard } = follow();
    push(change('ClockTicked', 2));
    push(change('InstanceJoined', 3, 31));
    push(change('InstanceJoined', 3, 31));
    push(change('DatasetReady', 7, 71));
    await follower.until('it', ({ type }) => type === 'DatasetReady', new AbortController().signal);
    expect(follower.counts).toEqual({ transactions: 3, blocks: 8 });
    expect(heard).toEqual(['InstanceJoined', 'DatasetReady']);
  });

  it('stops waiting when it is told to', async () => {
    const { follower } = follow();
    const stop = new AbortController();
    const waiting = follower.until('what never comes', () => false, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
