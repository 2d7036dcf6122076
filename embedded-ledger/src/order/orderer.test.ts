import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { peer } from '@hyperledger/fabric-protos';
import type { OrderedTransaction } from '../commit/committer.js';
import type { BatchLimits } from './orderer.js';
import { Orderer } from './orderer.js';

let orderer: Orderer;
afterEach(() => orderer?.close());

function start(limits: Omit<BatchLimits, 'queuedBytes'>, commitMs = 0): number[][] {
  const blocks: number[][] = [];
  const commit = async (batch: readonly OrderedTransaction[]): Promise<void> => {
    await sleep(commitMs);
    blocks.push(batch.map(({ transactionId }) => Number(transactionId)));
  };
  orderer = new Orderer({ queuedBytes: 1e6, ...limits }, commit, () => undefined);
  return blocks;
}

function submit(from: number, to: number, bytes = 1): void {
  for (let id = from; id <= to; id++) {
    const verdict = { code: peer.TxValidationCode.NIL_ENVELOPE };
    orderer.submit({ transactionId: String(id), envelope: new Uint8Array(bytes), verdict });
  }
}

describe('a transaction', () => {
  it('is not taken while too many bytes wait, as behind a disk that is full', async () => {
    const batch = { size: 1, preferredBytes: 10, queuedBytes: 100, timeoutMs: 0 };
    let go: () => void = () => undefined;
    const full = new Promise<void>((resolve) => (go = resolve));
    orderer = new Orderer(
      batch,
      () => full,
      () => undefined,
    );
    const verdict = { code: peer.TxValidationCode.NIL_ENVELOPE };
    const taken = Array.from({ length: 5 }, (_, id) =>
      orderer.submit({ transactionId: String(id), envelope: new Uint8Array(40), verdict }),
    );
    expect(taken).toEqual([true, true, true, false, false]);
    go();
    await orderer.close();
  });
});

describe('a block is cut', () => {
  it('at its number of transactions', async () => {
    const blocks = start({ size: 3, preferredBytes: 1000, timeoutMs: 60_000 });
    submit(1, 7);
    await expect
      .poll(() => blocks)
      .toEqual([
        [1, 2, 3],
        [4, 5, 6],
      ]);
    await orderer.close();
    expect(blocks.at(-1)).toEqual([7]);
  });

  it('before it would grow beyond its bytes; a larger transaction stands alone', async () => {
    const blocks = start({ size: 100, preferredBytes: 10, timeoutMs: 30 });
    submit(1, 3, 4);
    submit(4, 4, 50);
    submit(5, 5, 1);
    await expect.poll(() => blocks).toEqual([[1, 2], [3], [4], [5]]);
  });

  it('at once after a silence, and then not before its time', async () => {
    const blocks = start({ size: 100, preferredBytes: 1000, timeoutMs: 200 });
    const begun = performance.now();
    submit(1, 1);
    await expect.poll(() => blocks).toEqual([[1]]);
    submit(2, 3);
    await expect.poll(() => blocks).toEqual([[1], [2, 3]]);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199);
  });

  it('larger while the last one is still being written', async () => {
    const blocks = start({ size: 100, preferredBytes: 1000, timeoutMs: 0 }, 60);
    submit(1, 1);
    await sleep(20);
    submit(2, 5);
    await expect.poll(() => blocks).toEqual([[1], [2, 3, 4, 5]]);
  });
});

describe('an orderer that is closed', () => {
  it('commits what it has taken first', async () => {
    const blocks = start({ size: 100, preferredBytes: 1000, timeoutMs: 60_000 });
    submit(1, 4);
    await orderer.close();
    expect(blocks.flat()).toEqual([1, 2, 3, 4]);
  });
});
