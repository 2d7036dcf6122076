import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coupleMachine, finalStates } from '@veritrain/chaincode/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChaincodeEvent, EventPosition, Ledger } from '../ledger/types.js';
import { type CommittedChange, coupleEndings, eventsOf, watchCouple } from './events.js';

const encode = (changes: unknown[]): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ schemaVersion: 1, changes }));
const withdrawn = (datasetId: string) => ({ type: 'DatasetWithdrawn', datasetId });
const cancelled = (coupleId: string) => ({
  type: 'TrainingCancelled',
  coupleId,
  dataOwnerId: 'pt_aaaaaaaaaaaaaaaaaaaaaaaaaa',
  modelOwnerId: 'pt_bbbbbbbbbbbbbbbbbbbbbbbbbb',
});

function ledgerOf(events: ChaincodeEvent[], asked: EventPosition[] = []): Ledger {
  return {
    channel: 'market',
    chaincode: 'chaincode',
    submit: () => Promise.reject(new Error('unused')),
    evaluate: () => Promise.reject(new Error('unused')),
    async *events(after) {
      asked.push(after);
      await Promise.resolve();
      yield* events;
    },
    height: () => Promise.resolve(42n),
    genesis: () => Promise.reject(new Error('unused')),
    channelConfig: () => Promise.reject(new Error('unused')),
    contractDefinition: () => Promise.reject(new Error('unused')),
    rehearse: () => Promise.reject(new Error('unused')),
    evaluateEndorsed: () => Promise.reject(new Error('unused')),
    close: () => undefined,
  };
}

const event = (block: number, changes: unknown[], eventName = 'veritrain.changes'): ChaincodeEvent => ({
  blockNumber: BigInt(block),
  transactionId: `t${block}`,
  eventName,
  payload: encode(changes),
});

describe('events of the market', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'veritrain-events-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const all = async (changes: AsyncIterable<CommittedChange>): Promise<CommittedChange[]> => {
    const list: CommittedChange[] = [];
    for await (const change of changes) list.push(change);
    return list;
  };

  it('come one by one, in order, with place and summary; foreign events are passed over', async () => {
    const ledger = ledgerOf([
      event(1, [withdrawn('ds_a'), withdrawn('ds_b')]),
      event(2, [{ other: true }], 'another.event'),
      event(3, [withdrawn('ds_c')]),
    ]);
    const changes = await all(eventsOf(ledger, home).watch());
    expect(
      changes.map(({ summary, blockNumber, transactionId }) => [summary, blockNumber, transactionId]),
    ).toEqual([
      ['ds_a was withdrawn.', 1n, 't1'],
      ['ds_b was withdrawn.', 1n, 't1'],
      ['ds_c was withdrawn.', 3n, 't3'],
    ]);
  });

  it('begin where the reader said, or where its checkpoint stands', async () => {
    const asked: EventPosition[] = [];
    const events = eventsOf(ledgerOf([event(5, [withdrawn('ds_a')])], asked), home);
    await all(events.watch());
    await all(events.watch({ fromBlock: 4n }));
    await all(events.watch({ fromBlock: 'next' }));
    await all(events.watch({ checkpoint: 'mine' }));
    await all(events.watch({ checkpoint: 'mine', fromBlock: 4n }));
    expect(asked).toEqual([
      { blockNumber: 0n },
      { blockNumber: 4n },
      { blockNumber: 42n },
      { blockNumber: 0n },
      { blockNumber: 5n, transactionId: 't5' },
    ]);
  });

  it('are not checkpointed before the reader is done with the whole transaction', async () => {
    const asked: EventPosition[] = [];
    const events = eventsOf(ledgerOf([event(5, [withdrawn('ds_a'), withdrawn('ds_b')])], asked), home);
    for await (const change of events.watch({ checkpoint: 'mine' }))
      if (change.type === 'DatasetWithdrawn') break;
    await all(events.watch({ checkpoint: 'mine' }));
    expect(asked[1]).toEqual({ blockNumber: 0n });
  });

  it('of a couple end with the change that ends it', async () => {
    const ledger = ledgerOf([
      event(1, [withdrawn('ds_a'), { ...cancelled('tc_other') }]),
      event(2, [cancelled('tc_1')]),
      event(3, [withdrawn('ds_b')]),
    ]);
    const changes = await all(watchCouple(eventsOf(ledger, home), 'tc_1'));
    expect(changes.map(({ blockNumber }) => blockNumber)).toEqual([2n]);
  });

  it('of types that a newer contract added are passed over, and count as read', async () => {
    const asked: EventPosition[] = [];
    const added = { type: 'DatasetPriced', datasetId: 'ds_a', price: { of: 1 } };
    const ledger = ledgerOf(
      [event(1, [added]), event(2, [added, withdrawn('ds_a'), added]), event(3, [added])],
      asked,
    );
    const events = eventsOf(ledger, home);
    const changes = await all(events.watch({ checkpoint: 'mine' }));
    expect(changes.map(({ type, blockNumber }) => [type, blockNumber])).toEqual([['DatasetWithdrawn', 2n]]);
    await all(events.watch({ checkpoint: 'mine' }));
    expect(asked[1]).toEqual({ blockNumber: 3n, transactionId: 't3' });
  });

  it.each([
    [
      'a known type in another shape',
      event(1, [withdrawn('ds_b'), { type: 'DatasetWithdrawn', datasetId: 7 }]),
    ],
    ['no type', event(1, [{ datasetId: 'ds_a' }])],
    ['another version', { ...event(1, []), payload: Buffer.from('{"schemaVersion":2,"changes":[]}') }],
    ['no JSON', { ...event(1, []), payload: Buffer.from('{') }],
  ])('of %s are refused, naming the transaction', async (_, wrong) => {
    await expect(all(eventsOf(ledgerOf([wrong]), home).watch())).rejects.toMatchObject({
      code: 'VT8006',
      transactionId: 't1',
    });
  });

  it('end a couple in as many ways as it has final states', () => {
    expect([...finalStates(coupleMachine)].sort()).toEqual(['cancelled', 'finished', 'rejected']);
    expect([...coupleEndings].sort()).toEqual(['TrainingCancelled', 'TrainingFinished', 'TrainingRejected']);
  });
});
