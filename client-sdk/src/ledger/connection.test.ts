import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { Failure, ScriptedGateway } from '../testing/scriptedGateway.js';

const call = { name: 'MarketContract:GetClock', argument: '{}' };
const answer = (): Uint8Array => Buffer.from('[1]');
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

describe('a connection', () => {
  it('waits for a gateway that is not there yet', async () => {
    const port = await freePort();
    const ledger = testConnection(`127.0.0.1:${port}`);
    const reading = ledger.evaluate(call);
    await sleep(300);
    const server = await new ScriptedGateway({ evaluate: answer }).start(port);
    expect(Buffer.from(await reading).toString()).toBe('[1]');
    ledger.close();
    server.stop();
  });

  it('says so when there is none in time', async () => {
    const ledger = testConnection(`127.0.0.1:${await freePort()}`, { connectMs: 200, attempts: 1000 });
    await expect(ledger.evaluate(call)).rejects.toMatchObject({ code: 'VT8101', facts: { waitedMs: 200 } });
    await expect(ledger.submit(call)).rejects.toThrow(coded('VT8101'));
    ledger.close();
  });

  it('stops waiting when it is aborted', async () => {
    const ledger = testConnection(`127.0.0.1:${await freePort()}`);
    const signal = AbortSignal.timeout(100);
    await expect(ledger.evaluate(call, { signal })).rejects.toThrow(coded('VT8005'));
    ledger.close();
  });

  it('comes back after the gateway was killed and started again', async () => {
    const server = await new ScriptedGateway({ evaluate: answer }).start();
    const ledger = testConnection(server.address);
    await ledger.evaluate(call);
    const port = Number(server.address.split(':')[1]);
    for (let round = 0; round < 3; round += 1) {
      server.stop();
      const reading = ledger.evaluate(call);
      await sleep(100);
      await server.start(port);
      expect(Buffer.from(await reading).toString()).toBe('[1]');
    }
    ledger.close();
    server.stop();
  });

  it.each([
    ['a deadline', status.DEADLINE_EXCEEDED, 'evaluate timeout expired', [], 'VT8102'],
    ['a foreign identity', status.PERMISSION_DENIED, 'no', [], 'VT8103'],
    [
      'a creator that a peer refuses',
      status.UNKNOWN,
      'evaluate call failed',
      ['access denied: channel [market]'],
      'VT8103',
    ],
    [
      'an identity that no organisation has certified',
      status.FAILED_PRECONDITION,
      'evaluate call to endorser returned error',
      [
        'error validating proposal: access denied: channel [market] creator org unknown, creator is malformed',
      ],
      'VT8103',
    ],
    [
      'an identity that its organisation has revoked',
      status.FAILED_PRECONDITION,
      'evaluate call to endorser returned error',
      ['error validating proposal: access denied: channel [market] creator org [Org1MSP]'],
      'VT8122',
    ],
    [
      'an identity that has expired',
      status.UNAVAILABLE,
      'evaluate call failed',
      ['proposal client identity expired'],
      'VT8120',
    ],
    [
      'a clock that is off',
      status.UNAVAILABLE,
      'evaluate call failed',
      [
        'request unauthorized due to incorrect timestamp 2026-01-01T00:20:00Z, peer time 2026-01-01T00:00:00Z, peer.authentication.timewindow 15m0s',
      ],
      'VT8121',
    ],
    [
      'anything else',
      status.UNKNOWN,
      'evaluate call failed',
      ['chaincode response 500, out of order'],
      'VT8105',
    ],
    [
      'a refusal',
      status.UNKNOWN,
      'x',
      ['chaincode response 500, VT0201 NOT_FOUND: No such couple.'],
      'VT0201',
    ],
  ])('names %s', async (_, code, message, details, found) => {
    const failing = (): never => {
      throw new Failure(code, message, details);
    };
    const server = await new ScriptedGateway({ evaluate: failing }).start();
    const ledger = testConnection(server.address);
    const reading = ledger.evaluate(call);
    await expect(reading).rejects.toThrow(coded(found));
    await expect(reading).rejects.toMatchObject({ hint: expect.stringMatching(/./) });
    expect(server.asked).toHaveLength(1);
    ledger.close();
    server.stop();
  });

  it('ends its watchers when it is closed, and takes no call any more', async () => {
    const never = { next: () => new Promise<never>(() => undefined) };
    const silent = () => ({ [Symbol.asyncIterator]: () => never });
    const server = await new ScriptedGateway({ evaluate: answer, events: silent }).start();
    const ledger = testConnection(server.address);
    const watching = ledger.events({ blockNumber: 0n }).next();
    await expect.poll(() => server.asked.length).toBe(1);
    ledger.close();
    await expect(watching).rejects.toThrow(coded('VT8005'));
    await expect(ledger.evaluate(call)).rejects.toThrow(coded('VT8005'));
    await expect(ledger.submit(call)).rejects.toThrow(coded('VT8005'));
    await expect(ledger.events({ blockNumber: 0n }).next()).rejects.toThrow(coded('VT8005'));
    server.stop();
  });
});
