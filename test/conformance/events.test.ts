import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointers } from '@hyperledger/fabric-gateway';
import type { ChaincodeEvent, CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import { chainInfoOf, entriesOf } from './support/blocks.js';
import { submit, submitAsync, text, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { openNetwork } from './support/network.js';

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

async function height(): Promise<bigint> {
  return BigInt((await chainInfoOf(under)).getHeight());
}

/** Reads until `count` of our events have come. */
async function take(
  events: CloseableAsyncIterable<ChaincodeEvent>,
  count: number,
): Promise<ChaincodeEvent[]> {
  const taken: ChaincodeEvent[] = [];
  try {
    for await (const event of events) {
      if (event.eventName.startsWith(prefix)) taken.push(event);
      if (taken.length === count) break;
    }
  } finally {
    events.close();
  }
  return taken;
}

async function emit(name: string): Promise<void> {
  await submit(under.contract, 'emit', `${prefix}${name}`, `${prefix}${name}`);
}

describe('chaincode events', () => {
  it('come as they are committed, with payload, transaction and block', async () => {
    const events = await under.network.getChaincodeEvents(under.chaincode);
    const taken = take(events, 1);
    const submitted = await submitAsync(under.contract, 'emit', `${prefix}live`, `${prefix}live`);
    const { blockNumber } = await submitted.getStatus();
    const [event] = await taken;
    expect(event).toMatchObject({
      eventName: `${prefix}live`,
      chaincodeName: under.chaincode,
      transactionId: submitted.getTransactionId(),
      blockNumber,
    });
    expect(text(event!.payload)).toBe(`payload of ${prefix}live`);
  });

  it('are one for a transaction: the last that it set', async () => {
    const startBlock = await height();
    await submit(under.contract, 'emitTwo', `${prefix}two`, `${prefix}first`, `${prefix}second`);
    await emit('end-of-two');
    const events = await under.network.getChaincodeEvents(under.chaincode, { startBlock });
    expect((await take(events, 2)).map(({ eventName }) => eventName)).toEqual([
      `${prefix}second`,
      `${prefix}end-of-two`,
    ]);
  });

  it('do not come of invalid transactions', async () => {
    const startBlock = await height();
    const args = [`${prefix}counter`, `${prefix}invalid`];
    const endorsed = await Promise.all(
      Array.from({ length: 5 }, () =>
        under.contract.newProposal('incrementAndEmit', { arguments: args }).endorse(),
      ),
    );
    const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
    const statuses = await Promise.all(submitted.map((one) => one.getStatus()));
    const valid = statuses.filter(({ successful }) => successful).map(({ transactionId }) => transactionId);
    await emit('end-of-invalid');
    const events = await under.network.getChaincodeEvents(under.chaincode, { startBlock });
    const taken = await take(events, valid.length + 1);
    expect(valid).toHaveLength(1);
    expect(taken.map(({ transactionId }) => transactionId).slice(0, -1)).toEqual(valid);
  });

  it('are replayed from a block, in order', async () => {
    const startBlock = await height();
    const names = ['r1', 'r2', 'r3', 'r4'];
    for (const name of names) await emit(name);
    const events = await under.network.getChaincodeEvents(under.chaincode, { startBlock });
    expect((await take(events, 4)).map(({ eventName }) => eventName)).toEqual(
      names.map((name) => `${prefix}${name}`),
    );
  });

  it('go on after a checkpoint, missing and repeating nothing, even within a block', async () => {
    const startBlock = await height();
    const emitted = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        submitAsync(under.contract, 'emit', `${prefix}k${String(index)}`, `${prefix}k${String(index)}`),
      ),
    );
    await Promise.all(emitted.map((one) => one.getStatus()));
    const checkpoint = checkpointers.inMemory();
    const seen: string[] = [];
    for (let round = 0; round < 4; round++) {
      const options = { startBlock, checkpoint };
      const events = await under.network.getChaincodeEvents(under.chaincode, options);
      for (const event of await take(events, 3)) {
        seen.push(event.transactionId);
        await checkpoint.checkpointChaincodeEvent(event);
      }
    }
    expect(new Set(seen)).toEqual(new Set(emitted.map((one) => one.getTransactionId())));
    expect(seen).toHaveLength(12);
  });
});

describe('block events', () => {
  it('give whole blocks from a number on, without a gap', async () => {
    const events = await under.network.getBlockEvents({ startBlock: 0n });
    const numbers: number[] = [];
    for await (const block of events as AsyncIterable<common.Block>) {
      numbers.push(block.getHeader()!.getNumber());
      if (numbers.length === 3) break;
    }
    events.close();
    expect(numbers).toEqual([0, 1, 2]);
  });

  it('filtered, give ids, codes and events without payload', async () => {
    const startBlock = await height();
    const submitted = await submitAsync(under.contract, 'emit', `${prefix}filtered`, `${prefix}filtered`);
    await submitted.getStatus();
    const events = await under.network.getFilteredBlockEvents({ startBlock });
    const found: peer.FilteredTransaction[] = [];
    for await (const block of events as AsyncIterable<peer.FilteredBlock>) {
      const ours = block
        .getFilteredTransactionsList()
        .filter((transaction) => transaction.getTxid() === submitted.getTransactionId());
      found.push(...ours);
      if (found.length > 0) break;
    }
    events.close();
    const [action] = found[0]!.getTransactionActions()!.getChaincodeActionsList();
    expect(found[0]!.getTxValidationCode()).toBe(0);
    expect(action!.getChaincodeEvent()!.getEventName()).toBe(`${prefix}filtered`);
    expect(action!.getChaincodeEvent()!.getPayload_asU8()).toHaveLength(0);
  });

  it('wait for the block that comes next', async () => {
    const startBlock = await height();
    const events = await under.network.getBlockEvents({ startBlock });
    const next = (async () => {
      for await (const block of events as AsyncIterable<common.Block>) return block;
      return undefined;
    })();
    await emit('next');
    const block = await next;
    events.close();
    expect(BigInt(block!.getHeader()!.getNumber())).toBe(startBlock);
    expect(entriesOf(block!).length).toBeGreaterThan(0);
  });
});
