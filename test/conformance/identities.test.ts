import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateJson, failureOf, submitAsync, uniquePrefix } from './support/calls.js';
import type { NetworkUnderTest } from './support/network.js';
import { isBft, isFabric2 } from './support/settings.js';
import { openNetwork } from './support/network.js';
import { changedProposal, commitQuestion, serializedIdentity } from './support/proposals.js';
import type { Changes } from './support/proposals.js';

const ABORTED = 10;
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const FAILED_PRECONDITION = 9;
const MINUTE_MS = 60_000;

let under: NetworkUnderTest;
const prefix = uniquePrefix();

beforeAll(async () => {
  under = await openNetwork();
});
afterAll(async () => {
  await under?.close();
});

/** A DER signature that is well formed and of nothing: r = s = 1. */
const foreignSignature = Buffer.from('3006020101020101', 'hex');

/** The client's own certificate with the last byte of its issuer's signature changed. */
function forgedCertificate(): Uint8Array {
  const lines = Buffer.from(under.identity.credentials).toString().trim().split('\n');
  const der = Buffer.from(lines.slice(1, -1).join(''), 'base64');
  der[der.length - 1] = der[der.length - 1]! ^ 1;
  const body = der.toString('base64').replace(/.{64}/g, '$&\n');
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
}

describe('the creator of a transaction', () => {
  it('is seen by the contract: organisation, certificate, transaction id, channel', async () => {
    const proposal = under.contract.newProposal('creator');
    const creator = JSON.parse(Buffer.from(await proposal.evaluate()).toString()) as Record<string, unknown>;
    expect(creator).toMatchObject({
      mspId: under.identity.mspId,
      transactionId: proposal.getTransactionId(),
      channel: under.channel,
    });
    expect(creator.id).toMatch(/^x509::\/.*CN=.*::\/.*CN=/);
    expect(Math.abs(Number(creator.seconds) * 1000 - Date.now())).toBeLessThan(5 * MINUTE_MS);
  });
});

describe('a proposal is refused', () => {
  const denied = (): string => `access denied: channel [${under.channel}] creator org`;
  const cases: [string, () => Changes, () => string][] = [
    [
      'with a signature of something else',
      () => ({ signature: foreignSignature }),
      () => `error validating proposal: ${denied()} [${under.identity.mspId}]`,
    ],
    [
      'of an organisation that the channel does not know',
      () => ({ creator: serializedIdentity('StrangerMSP', under.identity.credentials) }),
      () => `error validating proposal: ${denied()} unknown, creator is malformed`,
    ],
    [
      'of a certificate that the organisation’s root did not sign',
      () => ({ creator: serializedIdentity(under.identity.mspId, forgedCertificate()) }),
      () => `error validating proposal: ${denied()} unknown, creator is malformed`,
    ],
    [
      'of a creator that is no identity',
      () => ({ creator: Buffer.from('nobody') }),
      () => `error validating proposal: ${denied()} unknown, creator is malformed`,
    ],
    [
      'with a transaction id that is not SHA-256(nonce ‖ creator)',
      () => ({ transactionId: 'ab'.repeat(32) }),
      () => `error validating proposal: incorrectly computed txid '${'ab'.repeat(32)}'`,
    ],
    [
      'without a nonce',
      () => ({ nonce: new Uint8Array() }),
      () => 'error validating proposal: nonce is empty',
    ],
  ];

  it.each(cases)('%s', async (_, changes, words) => {
    const endorsed = await changedProposal(under, changes());
    const failure = await failureOf(endorsed.endorse());
    expect(failure).toMatchObject({ kind: 'EndorseError', code: ABORTED });
    expect(failure.details.join()).toContain(words());
    const evaluated = await failureOf((await changedProposal(under, changes())).evaluate());
    expect(evaluated.code).toBe(FAILED_PRECONDITION);
    expect(evaluated.message).toContain(`evaluate call to endorser returned error: ${words()}`);
  });
});

describe('a prepared transaction', () => {
  it('is refused with another’s signature', async () => {
    const transaction = await under.contract.newProposal('put', { arguments: [`${prefix}s`, 'x'] }).endorse();
    const forged = under.gateway.newSignedTransaction(transaction.getBytes(), foreignSignature);
    const failure = await failureOf(forged.submit());
    expect(failure.kind).toBe('SubmitError');
    expect(failure.message).toContain(isBft ? 'insufficient number of orderers' : 'FORBIDDEN');
  });
});

describe('a question for the outcome of a transaction', () => {
  it('is refused with another’s signature', async () => {
    const submitted = await submitAsync(under.contract, 'put', `${prefix}status`, 'x');
    await submitted.getStatus();
    const forged = under.gateway.newSignedCommit(submitted.getBytes(), foreignSignature);
    expect((await failureOf(forged.getStatus())).code).toBe(PERMISSION_DENIED);
  });

  it('waits for a transaction that is not there until the client gives up', async () => {
    const unknown = await commitQuestion(under, randomBytes(32).toString('hex'));
    const failure = await failureOf(unknown.getStatus({ deadline: Date.now() + 500 }));
    // Who ends the call first, the client or the peer whose own deadline it is, is a matter of luck.
    expect([CANCELLED, DEADLINE_EXCEEDED]).toContain(failure.code);
  });
});

describe('the clock of a proposal', () => {
  it('may be fourteen minutes off', async () => {
    for (const minutes of [-14, 14]) {
      const timestamp = new Date(Date.now() + minutes * MINUTE_MS);
      await (await changedProposal(under, { timestamp })).endorse();
    }
  });

  // Fabric 2 takes proposals of any time.
  it.skipIf(isFabric2)('may not be sixteen minutes off', async () => {
    for (const minutes of [-16, 16]) {
      const timestamp = new Date(Date.now() + minutes * MINUTE_MS);
      const failure = await failureOf((await changedProposal(under, { timestamp })).endorse());
      expect(failure.details.join()).toContain('request unauthorized due to incorrect timestamp');
    }
  });

  it('is what the contract sees as the transaction’s time', async () => {
    const creator = (await evaluateJson(under.contract, 'creator')) as { seconds: number };
    expect(Number.isInteger(creator.seconds)).toBe(true);
  });
});
