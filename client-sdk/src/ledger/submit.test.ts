import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import type { VeritrainError } from '../errors/veritrainError.js';
import { testConnection } from '../testing/connection.js';
import { Failure, type Script, ScriptedGateway } from '../testing/scriptedGateway.js';
import type { LedgerTiming } from './timing.js';
import type { Ledger } from './types.js';

const call = { name: 'MarketContract:Tick', argument: '{}' };
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
/** What a promise is rejected with. */
const failureOf = (promise: Promise<unknown>): Promise<VeritrainError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error as VeritrainError,
  );
const never = (cancelled: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    cancelled.addEventListener('abort', () => {
      reject(new Failure(status.CANCELLED, 'cancelled'));
    });
  });

describe('submitting', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function given(script: Script, timing?: Partial<LedgerTiming>): Promise<[ScriptedGateway, Ledger]> {
    const answer = (): Uint8Array => Buffer.from('{"ok":true}');
    const server = await new ScriptedGateway({ endorse: answer, commitStatus: () => 0, ...script }).start();
    const ledger = testConnection(server.address, timing);
    closing.push(() => {
      ledger.close();
      server.stop();
    });
    return [server, ledger];
  }

  /** Answers one after the other, the last one for ever. */
  function inTurn<T>(...answers: (() => T)[]): () => T {
    let turn = 0;
    return () => answers[Math.min(turn++, answers.length - 1)]!();
  }

  const fail = (code: status, message: string, details?: string[]) => (): never => {
    throw new Failure(code, message, details);
  };

  it('returns the answer, the transaction id and the block', async () => {
    const [server, ledger] = await given({});
    const committed = await ledger.submit(call);
    expect(Buffer.from(committed.result).toString()).toBe('{"ok":true}');
    expect(committed).toMatchObject({ transactionId: server.transactionIds.endorse[0], blockNumber: 7n });
    expect(server.asked).toEqual(['endorse', 'submit', 'commitStatus']);
  });

  it.each([
    [11, 'MVCC conflict'],
    [12, 'phantom'],
  ])('endorses anew under a new id after validation code %i (%s)', async (code) => {
    const [server, ledger] = await given({
      commitStatus: inTurn(
        () => code,
        () => code,
        () => 0,
      ),
    });
    const { transactionId } = await ledger.submit(call);
    const ids = server.transactionIds.endorse;
    expect(new Set(ids).size).toBe(3);
    expect(transactionId).toBe(ids[2]);
  });

  it('gives up after its attempts, and says with which transaction', async () => {
    const [server, ledger] = await given({ commitStatus: () => 11 });
    const failure = await failureOf(ledger.submit(call));
    expect(failure).toMatchObject({
      code: 'VT8107',
      transactionId: server.transactionIds.endorse[3],
      facts: { validation: 'MVCC_READ_CONFLICT', validationCode: 11 },
    });
    expect(server.transactionIds.endorse).toHaveLength(4);
  });

  it('does not try again what was committed as invalid otherwise', async () => {
    const [server, ledger] = await given({ commitStatus: () => 10 });
    await expect(ledger.submit(call)).rejects.toMatchObject({
      code: 'VT8106',
      facts: { validation: 'ENDORSEMENT_POLICY_FAILURE' },
    });
    expect(server.transactionIds.endorse).toHaveLength(1);
  });

  it('passes on what the contract refuses, with code, facts and hint, and does not try again', async () => {
    const text =
      'chaincode response 500, VT0203 NOT_APPROVED: The couple is not approved. {"state":"requested"}';
    const [server, ledger] = await given({ endorse: fail(status.ABORTED, 'failed to endorse', [text]) });
    const failure = await failureOf(ledger.submit(call));
    expect(failure).toMatchObject({
      code: 'VT0203',
      title: 'NOT_APPROVED',
      reason: 'The couple is not approved.',
      facts: { state: 'requested' },
      hint: expect.stringContaining('approved'),
      transactionId: server.transactionIds.endorse[0],
    });
    expect(server.asked).toEqual(['endorse']);
  });

  it.each([
    ['the gateway went away', status.UNAVAILABLE, 'connection dropped', 'VT8101'],
    ['the gateway is busy', status.RESOURCE_EXHAUSTED, 'too many requests', 'VT8109'],
    [
      'too few endorsers are there',
      status.FAILED_PRECONDITION,
      'failed to select a set of endorsers that satisfy the endorsement policy due to unavailability of peers: []',
      'VT8110',
    ],
    ...[
      ['a peer has just gone', 'rpc error: code = Unavailable desc = connection error: connection refused'],
      ['a peer hangs', 'rpc error: code = DeadlineExceeded desc = context deadline exceeded'],
      ['a peer’s contract ended', 'error in simulation: failed to execute: chaincode stream terminated'],
    ].map(([what = '', said]) => [what, status.ABORTED, 'failed to collect enough', 'VT8110', said] as const),
    ['endorsers differ', status.ABORTED, 'ProposalResponsePayloads do not match', 'VT8104'],
  ] as const)(
    'endorses again when %s: nothing was ordered',
    async (_, code, message, found, said?: string) => {
      const details = said === undefined ? [] : [said];
      const [server, ledger] = await given({
        endorse: inTurn<Uint8Array>(fail(code, message, details), () => Buffer.from('1')),
      });
      await ledger.submit(call);
      expect(server.transactionIds.submit).toEqual([server.transactionIds.endorse[1]]);
      const [, refusing] = await given({ endorse: fail(code, message, details) });
      await expect(refusing.submit(call)).rejects.toThrow(coded(found));
    },
  );

  it('asks for the old id when submitting fails, and sends nothing again if it committed', async () => {
    const [server, ledger] = await given({ submit: fail(status.UNAVAILABLE, 'connection dropped') });
    const { transactionId } = await ledger.submit(call);
    expect(server.asked).toEqual(['endorse', 'submit', 'commitStatus']);
    expect(server.transactionIds.commitStatus).toEqual([transactionId]);
  });

  it('sends the same transaction again when nobody knows the old id', async () => {
    let submitted = 0;
    const [server, ledger] = await given({
      submit: () => {
        submitted += 1;
        if (submitted === 1) throw new Failure(status.UNAVAILABLE, 'connection dropped');
        return undefined;
      },
      commitStatus: (_, cancelled) => (submitted > 1 ? 0 : never(cancelled)),
    });
    await ledger.submit(call);
    expect(server.transactionIds.endorse).toHaveLength(1);
    expect(server.asked).toEqual(['endorse', 'submit', 'commitStatus', 'submit', 'commitStatus']);
    expect(new Set(server.transactionIds.submit).size).toBe(1);
  });

  it('asks again when the question for the commit fails, without submitting twice', async () => {
    const [server, ledger] = await given({
      commitStatus: inTurn<number>(fail(status.UNAVAILABLE, 'gone'), () => 0),
    });
    await ledger.submit(call);
    expect(server.asked).toEqual(['endorse', 'submit', 'commitStatus', 'commitStatus']);
  });

  it('says so when the outcome cannot be learnt', async () => {
    const [server, ledger] = await given({ commitStatus: fail(status.UNAVAILABLE, 'gone') });
    const failure = await failureOf(ledger.submit(call));
    expect(failure).toMatchObject({ code: 'VT8108', transactionId: server.transactionIds.endorse[0] });
    expect(failure.cause).toMatchObject({ code: 'VT8101' });
  });

  it('stops at once when it is aborted, tells the gateway, and names the transaction', async () => {
    const controller = new AbortController();
    let told = false;
    const [server, ledger] = await given({
      commitStatus: (_, cancelled) => {
        cancelled.addEventListener('abort', () => (told = true));
        return never(cancelled);
      },
    });
    const submitting = ledger.submit(call, { signal: controller.signal });
    while (!server.asked.includes('commitStatus')) await sleep(5);
    const reason = new Error('enough');
    controller.abort(reason);
    const transactionId = server.transactionIds.endorse[0];
    await expect(submitting).rejects.toMatchObject({ code: 'VT8005', transactionId, cause: reason });
    await expect.poll(() => told).toBe(true);
  });

  it('does not begin when it is aborted already', async () => {
    const [server, ledger] = await given({});
    await expect(ledger.submit(call, { signal: AbortSignal.abort() })).rejects.toThrow(coded('VT8005'));
    await expect(ledger.evaluate(call, { signal: AbortSignal.abort() })).rejects.toThrow(coded('VT8005'));
    expect(server.asked).toEqual([]);
  });
});
