import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { testConnection } from '../testing/connection.js';
import { Failure, ScriptedGateway, type Script } from '../testing/scriptedGateway.js';
import type { CallContext, Ledger } from './types.js';

const call = { name: 'MarketContract:GetClock', argument: '{}' };
const unreadable = (): never => {
  throw new Failure(status.ABORTED, 'no', Buffer.from([0x1a, 0xff, 0xff, 0xff, 0x0f, 1]));
};
const honest: Script = { endorse: () => Buffer.from('1'), commitStatus: () => 0 };

const steps: Record<string, [Script, (ledger: Ledger, context: CallContext) => Promise<unknown>]> = {
  evaluate: [{ evaluate: unreadable }, (ledger, context) => ledger.evaluate(call, context)],
  endorse: [{ endorse: unreadable }, (ledger, context) => ledger.submit(call, context)],
  submit: [
    { ...honest, submit: unreadable, commitStatus: unreadable },
    (ledger, context) => ledger.submit(call, context),
  ],
  commitStatus: [{ ...honest, commitStatus: unreadable }, (ledger, context) => ledger.submit(call, context)],
  events: [
    {
      events: () => {
        throw new Failure(status.NOT_FOUND, 'no', Buffer.from([0x1a, 0xff, 0xff, 0xff, 0x0f, 1]));
      },
    },
    (ledger, context) => ledger.events({ blockNumber: 0n }, context).next(),
  ],
};

describe('what peers said, in bytes that nobody can read', () => {
  // Agents call with a signal: it brings its own way through the gRPC client.
  describe.each([
    ['without a signal', undefined],
    ['with a signal', new AbortController().signal],
  ])('%s', (_, signal) => {
    it.each(Object.entries(steps))(
      'attack 57: fails %s with a code and ends no process',
      async (_step, [script, ask]) => {
        const server = await new ScriptedGateway(script).start();
        const ledger = testConnection(server.address);
        await expect(ask(ledger, { signal })).rejects.toMatchObject({ code: expect.stringMatching(/^VT81/) });
        ledger.close();
        server.stop();
      },
    );
  });
});
