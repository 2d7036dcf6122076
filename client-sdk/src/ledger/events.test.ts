import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { Failure, type Script, type ScriptedBlock, ScriptedGateway } from '../testing/scriptedGateway.js';
import type { ChaincodeEvent, EventPosition, Ledger } from './types.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
const event = (transactionId: string) => ({ transactionId, payload: '{}' });

/** Blocks 1 to 6 with two events each, cut off every three events until the end. */
function breakingChain(): Script['events'] {
  const blocks: ScriptedBlock[] = [1, 2, 3, 4, 5, 6].map((blockNumber) => ({
    blockNumber,
    events: [event(`${blockNumber}a`), event(`${blockNumber}b`)],
  }));
  return async function* ({ startBlock, afterTransactionId }) {
    let sent = 0;
    let passed = afterTransactionId === '';
    for (const { blockNumber, events } of blocks) {
      if (blockNumber < Number(startBlock)) continue;
      for (const each of events) {
        if (sent === 3) throw new Failure(status.UNAVAILABLE, 'the stream broke');
        if (passed) {
          yield await Promise.resolve({ blockNumber, events: [each] });
          sent += 1;
        }
        passed ||= each.transactionId === afterTransactionId;
      }
    }
    throw new Failure(status.UNAVAILABLE, 'the stream broke');
  };
}

describe('following events', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function given(events: Script['events']): Promise<[ScriptedGateway, Ledger]> {
    const server = await new ScriptedGateway(events === undefined ? {} : { events }).start();
    const ledger = testConnection(server.address);
    closing.push(() => {
      ledger.close();
      server.stop();
    });
    return [server, ledger];
  }

  async function read(ledger: Ledger, after: EventPosition, count: number): Promise<ChaincodeEvent[]> {
    const events: ChaincodeEvent[] = [];
    for await (const each of ledger.events(after)) {
      events.push(each);
      if (events.length === count) break;
    }
    return events;
  }

  it('loses none and repeats none when the stream breaks, in mid-block too', async () => {
    const [server, ledger] = await given(breakingChain());
    const events = await read(ledger, { blockNumber: 1n }, 12);
    const expected = [1, 2, 3, 4, 5, 6].flatMap((block) => [`${block}a`, `${block}b`]);
    expect(events.map(({ transactionId }) => transactionId)).toEqual(expected);
    expect(server.asked.length).toBeGreaterThan(3);
  });

  it('begins after a transaction', async () => {
    const [, ledger] = await given(breakingChain());
    const events = await read(ledger, { blockNumber: 4n, transactionId: '4a' }, 2);
    expect(events.map(({ transactionId }) => transactionId)).toEqual(['4b', '5a']);
  });

  it('outlives a gateway that is killed and started again', async () => {
    const [server, ledger] = await given(breakingChain());
    const port = Number(server.address.split(':')[1]);
    const events = ledger.events({ blockNumber: 5n })[Symbol.asyncIterator]();
    const first = await events.next();
    server.stop();
    const second = events.next();
    await server.start(port);
    const found = [first, await second].map((each) => each.value as ChaincodeEvent);
    expect(found.map(({ transactionId }) => transactionId)).toEqual(['5a', '5b']);
    await events.return?.();
  });

  it('ends with ABORTED, also while it waits', async () => {
    const [, ledger] = await given(async function* () {
      yield await new Promise<ScriptedBlock>(() => undefined);
    });
    const waiting = ledger.events({ blockNumber: 0n }, { signal: AbortSignal.timeout(150) });
    await expect(waiting.next()).rejects.toThrow(coded('VT8005'));
  });

  it.each([
    ['refuses the reader', status.PERMISSION_DENIED, 'VT8103'],
    ['does not exist', status.NOT_FOUND, 'VT8105'],
  ])('ends when the channel %s', async (_, code, found) => {
    // eslint-disable-next-line require-yield -- it fails before its first event
    const [server, ledger] = await given(async function* () {
      await Promise.resolve();
      throw new Failure(code, 'no');
    });
    await expect(read(ledger, { blockNumber: 0n }, 1)).rejects.toThrow(coded(found));
    expect(server.asked).toEqual(['events']);
  });
});
