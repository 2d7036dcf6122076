import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { common, gateway as protos, peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../src/index.js';
import { startLedger } from '../src/index.js';
import type { Connection } from './support/client.js';
import { connectTo, text } from './support/client.js';
import { PROBE } from './support/ledgerProcess.js';

let data: string;
let ledger: Ledger;
let connection: Connection;
let client: grpc.Client;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ledger-bad-input-'));
  ledger = await startLedger({ chaincode: PROBE, data, port: 0, caPort: 0, log: () => undefined });
  connection = connectTo(ledger);
  client = new grpc.Client(ledger.gateway, grpc.credentials.createInsecure());
});
afterAll(async () => {
  client?.close();
  connection?.close();
  await ledger?.close();
  rmSync(data, { recursive: true, force: true });
});

const METHODS = ['Evaluate', 'Endorse', 'Submit', 'CommitStatus'] as const;
const keep = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** The gRPC code of a call with these bytes. */
function callWith(method: string, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    const path = `/gateway.Gateway/${method}`;
    client.makeUnaryRequest(path, keep, keep, bytes, { deadline: Date.now() + 20_000 }, (error) => {
      resolve(error?.code ?? grpc.status.OK);
    });
  });
}

async function height(): Promise<number> {
  const qscc = connection.network.getContract('qscc');
  const info = await qscc.evaluateTransaction('GetChainInfo', ledger.channel);
  return common.BlockchainInfo.deserializeBinary(info).getHeight();
}

/** Honest requests, to mutate. */
async function honestRequests(): Promise<Record<(typeof METHODS)[number], Uint8Array>> {
  const proposal = connection.contract.newProposal('put', { arguments: ['mutated', 'x'] });
  const transaction = await proposal.endorse();
  const proposed = protos.ProposedTransaction.deserializeBinary(proposal.getBytes());
  const evaluation = new protos.EvaluateRequest();
  evaluation.setTransactionId(proposed.getTransactionId());
  evaluation.setChannelId(ledger.channel);
  evaluation.setProposedTransaction(proposed.getProposal() ?? new peer.SignedProposal());
  const submission = new protos.SubmitRequest();
  submission.setChannelId(ledger.channel);
  const prepared = protos.PreparedTransaction.deserializeBinary(transaction.getBytes());
  submission.setPreparedTransaction(prepared.getEnvelope());
  const question = new protos.SignedCommitStatusRequest();
  question.setRequest(Buffer.from('request'));
  return {
    Evaluate: evaluation.serializeBinary(),
    Endorse: evaluation.serializeBinary(),
    Submit: submission.serializeBinary(),
    CommitStatus: question.serializeBinary(),
  };
}

describe('a call of the gateway', () => {
  it.each(METHODS)(
    '%s answers any bytes with an error code, and goes on',
    { timeout: 120_000 },
    async (method) => {
      const before = await height();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          expect(await callWith(method, bytes)).not.toBe(grpc.status.OK);
        }),
        { numRuns: 100 },
      );
      expect(await height()).toBe(before);
    },
  );

  it('answers a request whose channel is no text', { timeout: 120_000 }, async () => {
    const honest = Buffer.from((await honestRequests()).Evaluate);
    const inRequest = honest.indexOf(ledger.channel);
    const inHeader = honest.indexOf(ledger.channel, inRequest + 1);
    honest[inHeader] = 0xed; // together with the following bytes it is read as half a surrogate pair
    const code = await callWith('Evaluate', honest);
    expect([grpc.status.OK, grpc.status.DEADLINE_EXCEEDED]).not.toContain(code);
  });

  it.each(METHODS)(
    '%s answers an honest request with one byte changed',
    { timeout: 120_000 },
    async (method) => {
      const before = await height();
      const honest = (await honestRequests())[method];
      const change = fc.tuple(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 }));
      const codes = new Set<number>();
      await fc.assert(
        fc.asyncProperty(change, async ([at, by]) => {
          const changed = Buffer.from(honest);
          changed[at] = (changed[at] ?? 0) ^ by;
          codes.add(await callWith(method, changed));
        }),
        { numRuns: 150 },
      );
      expect(codes.has(grpc.status.DEADLINE_EXCEEDED)).toBe(false);
      // A change outside the signed part (the request's own copy of an id) has no effect.
      if (method !== 'Submit') expect(await height()).toBe(before);
      expect(text(await connection.contract.evaluateTransaction('get', 'mutated'))).toMatch(/^x?$/);
    },
  );
});
