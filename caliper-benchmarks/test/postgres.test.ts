import { describe, expect, it } from 'vitest';
import type { LedgerBlock, LedgerTransaction } from '../command/blocks/ledgerBlock.js';
import { dependenciesOf } from '../command/postgres/dependencies.js';
import { replayOf } from '../command/postgres/replay.js';
import { Schedule } from '../command/postgres/schedule.js';

const read = (key: string, block = 1, position = 0) => ({ key, version: { block, position } });
const put = (key: string, value = 'x') => ({ key, value: Buffer.from(value) });
const none = { reads: [], writes: [] };

describe('dependenciesOf', () => {
  it('has a transaction wait for who wrote what it reads, and for who read what it writes', () => {
    expect(
      dependenciesOf([
        { ...none, writes: [put('clock')] },
        { reads: [read('clock')], writes: [put('a')] },
        { reads: [read('clock')], writes: [put('b')] },
        { reads: [read('clock')], writes: [put('clock')] },
        { reads: [read('clock'), read('a')], writes: [put('a')] },
        { ...none, writes: [put('a')] },
        none,
      ]),
    ).toEqual([[], [0], [0], [0, 1, 2], [1, 3], [4], []]);
  });
});

describe('Schedule', () => {
  it('hands out the first that may begin, and the next when those before it have ended', async () => {
    const schedule = new Schedule([[], [0], [], [1, 2]]);
    expect([await schedule.next(), await schedule.next()]).toEqual([0, 2]);
    const third = schedule.next();
    const fourth = schedule.next();
    schedule.end(0);
    expect(await third).toBe(1);
    schedule.end(1);
    schedule.end(2);
    expect(await fourth).toBe(3);
    const over = schedule.next();
    schedule.end(3);
    expect(await over).toBeUndefined();
  });

  it('prefers the earlier of several', async () => {
    const schedule = new Schedule([[], [], [0], [0], [1], []]);
    expect([await schedule.next(), await schedule.next()]).toEqual([0, 1]);
    schedule.end(1);
    schedule.end(0);
    const others = [schedule.next(), schedule.next(), schedule.next(), schedule.next()];
    expect(await Promise.all(others)).toEqual([2, 3, 4, 5]);
  });

  it('hands out nothing when it is stopped, to those that wait neither', async () => {
    const schedule = new Schedule([[], [0], []]);
    expect([await schedule.next(), await schedule.next()]).toEqual([0, 2]);
    const waiting = schedule.next();
    schedule.stop();
    expect([await waiting, await schedule.next()]).toEqual([undefined, undefined]);
  });
});

describe('replayOf', () => {
  const transaction = (position: number, over: Partial<LedgerTransaction>): LedgerTransaction => ({
    id: `t${position}`,
    block: 7,
    position,
    chaincode: 'market',
    contract: '',
    function: 'F',
    code: 0,
    bytes: 100,
    reads: [],
    ranges: [],
    writes: [],
    ...over,
  });
  const replayed = (...transactions: LedgerTransaction[]) => {
    const blocks: LedgerBlock[] = [{ number: 7, bytes: 1_000, transactions }];
    return replayOf({ blocks, chaincode: 'market', transactionIds: new Set(['t2', 't4']) });
  };

  it('begins with the state before the round and ends with its last transaction', async () => {
    const { initial, transactions } = await replayed(
      transaction(0, { writes: [put('\0clock\0', 'old'), put('gone')] }),
      transaction(1, { writes: [put('\0clock\0', 'new'), { key: 'gone', value: null }] }),
      transaction(2, { reads: [read('\0clock\0', 7, 1), { key: 'a', version: null }], writes: [put('a')] }),
      transaction(3, { code: 11, writes: [put('a', 'overtaken')] }),
      transaction(4, { reads: [read('a', 7, 2)], writes: [{ key: 'a', value: null }] }),
      transaction(5, { writes: [put('after the round')] }),
    );
    expect(initial).toEqual([{ key: '\u001fclock\u001f', value: Buffer.from('new'), version: 7_000_001 }]);
    expect(transactions).toEqual([
      {
        reads: [
          { key: '\u001fclock\u001f', version: 7_000_001 },
          { key: 'a', version: null },
        ],
        puts: [{ key: 'a', value: Buffer.from('x'), version: 7_000_002 }],
        deletes: [],
        after: [],
      },
      { reads: [{ key: 'a', version: 7_000_002 }], puts: [], deletes: ['a'], after: [0] },
    ]);
  });

  it('leaves out other chaincodes, and refuses what it cannot replay', async () => {
    const other = transaction(3, { chaincode: '_lifecycle', writes: [put('b')] });
    expect((await replayed(transaction(2, {}), other)).transactions).toHaveLength(1);
    const range = transaction(2, { ranges: [{ startKey: 'a', endKey: 'b' }] });
    await expect(replayed(range)).rejects.toThrow('F (t2) read a range');
    await expect(replayed(transaction(2, { writes: [put('a\u001fb')] }))).rejects.toThrow('unit separator');
  });
});
