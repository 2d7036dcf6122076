import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import FabricCAClient from 'fabric-ca-client';
import { User } from 'fabric-common';
import * as grpc from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signLowS } from '../src/identity/signature.js';
import type { Ledger } from '../src/index.js';
import { startLedger } from '../src/index.js';
import { connectionForEachCall } from '../../test/support/caConnections.js';
import { text } from './support/client.js';
import { PROBE } from './support/ledgerProcess.js';

let data: string;
let ledger: Ledger;
let registrar: User;
let authority: FabricCAClient;

connectionForEachCall();

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'ledger-ca-'));
  ledger = await startLedger({
    chaincode: PROBE,
    data,
    port: 0,
    caPort: 0,
    endorse: 'any',
    log: () => undefined,
  });
  authority = new FabricCAClient(ledger.ca, undefined, 'ca-org2');
  const secret = readFileSync(ledger.registrar.secretFile, 'utf8').trim();
  registrar = await userOf(
    'admin',
    await authority.enroll({ enrollmentID: 'admin', enrollmentSecret: secret }),
  );
});
afterAll(async () => {
  await ledger?.close();
  rmSync(data, { recursive: true, force: true });
});

async function userOf(name: string, enrolment: { key: unknown; certificate: string }): Promise<User> {
  const user = new User(name);
  user.setCryptoSuite(User.newCryptoSuite());
  await user.setEnrollment(enrolment.key as never, enrolment.certificate, 'Org2MSP');
  return user;
}

let next = 0;
async function registerAs(
  user: User,
  more: Record<string, unknown> = {},
): Promise<{ id: string; secret: string }> {
  const id = `member-${String(next++)}`;
  const secret = await authority.register({ enrollmentID: id, affiliation: '', ...more }, user);
  return { id, secret };
}

describe('fabric-ca-client', () => {
  it('learns the name and root of an authority', async () => {
    const answer = await fetch(`${ledger.ca}/api/v1/cainfo?ca=ca-org3`);
    const { result, success } = (await answer.json()) as { success: boolean; result: Record<string, string> };
    expect(success).toBe(true);
    expect(result.CAName).toBe('ca-org3');
    const root = new X509Certificate(Buffer.from(result.CAChain!, 'base64'));
    expect(root.subject).toContain('CN=ca.org3.example.com');
  });

  it('enrols a member whom the contract sees with its attributes, and whom the channel admits', async () => {
    const attrs = [{ name: 'role', value: 'host', ecert: true }];
    const { id, secret } = await registerAs(registrar, { attrs, affiliation: 'org2.department1' });
    const { certificate, key } = await authority.enroll({ enrollmentID: id, enrollmentSecret: secret });
    expect(new X509Certificate(certificate).subject.split('\n')).toEqual(
      expect.arrayContaining([`CN=${id}`, 'OU=client', 'OU=org2', 'OU=department1']),
    );
    const privateKey = createPrivateKey((key as { toBytes(): string }).toBytes());
    const client = new grpc.Client(ledger.gateway, grpc.credentials.createInsecure());
    const gateway = connect({
      client,
      identity: { mspId: 'Org2MSP', credentials: Buffer.from(certificate) },
      signer: (message) => Promise.resolve(signLowS(privateKey, message)),
      hash: hash.none,
    });
    const contract = gateway.getNetwork(ledger.channel).getContract(ledger.chaincode);
    const creator: unknown = JSON.parse(text(await contract.submitTransaction('creator')));
    expect(creator).toMatchObject({ mspId: 'Org2MSP', role: 'host' });
    gateway.close();
    client.close();
  });

  it('re-enrols a member by its certificate, with the same attributes', async () => {
    const { id, secret } = await registerAs(registrar, {
      attrs: [{ name: 'role', value: 'host', ecert: true }],
    });
    const user = await userOf(id, await authority.enroll({ enrollmentID: id, enrollmentSecret: secret }));
    const again = await authority.reenroll(user, [{ name: 'role', optional: false }] as never);
    expect(new X509Certificate(again.certificate).subject).toContain(`CN=${id}`);
    expect(Buffer.from(again.certificate.split('-----')[2]!, 'base64').toString()).toContain(
      '{"attrs":{"role":"host"}}',
    );
  });
});

describe('an authority refuses', () => {
  it('a wrong secret, and a name that it does not know, in the same words', async () => {
    const { id } = await registerAs(registrar);
    for (const enrollmentID of [id, 'nobody']) {
      const enrolment = authority.enroll({ enrollmentID, enrollmentSecret: 'guess' });
      await expect(enrolment).rejects.toThrow(/code: 20, message: 'Authentication failure'/);
    }
  });

  it('more enrolments than were allowed', async () => {
    const { id, secret } = await registerAs(registrar, { maxEnrollments: 1 });
    await authority.enroll({ enrollmentID: id, enrollmentSecret: secret });
    await expect(authority.enroll({ enrollmentID: id, enrollmentSecret: secret })).rejects.toThrow(
      /code: 20/,
    );
  });

  it('a name that is taken', async () => {
    const { id } = await registerAs(registrar);
    const again = authority.register({ enrollmentID: id, affiliation: '' }, registrar);
    await expect(again).rejects.toThrow(/code: 74/);
  });

  it('a member that registers others', async () => {
    const { id, secret } = await registerAs(registrar);
    const member = await userOf(id, await authority.enroll({ enrollmentID: id, enrollmentSecret: secret }));
    await expect(registerAs(member)).rejects.toThrow(/code: 71, message: 'Authorization failure'/);
  });

  it('the registrar of another organisation', async () => {
    const other = new FabricCAClient(ledger.ca, undefined, 'ca-org1');
    const call = other.register({ enrollmentID: 'stranger', affiliation: '' }, registrar);
    await expect(call).rejects.toThrow(/code: 20/);
  });

  it('an authority that is not there', async () => {
    const other = new FabricCAClient(ledger.ca, undefined, 'ca-org9');
    const call = other.enroll({ enrollmentID: 'admin', enrollmentSecret: 'x' });
    await expect(call).rejects.toThrow(/code: 19, message: "CA 'ca-org9' does not exist"/);
  });

  it('a name that is no text, or longer than Fabric CA’s tables hold', async () => {
    for (const enrollmentID of ['half a pair \ud800', 'x'.repeat(256)]) {
      const call = authority.register({ enrollmentID, affiliation: '' }, registrar);
      await expect(call).rejects.toThrow(/Invalid request body: id: /);
    }
  });

  it('requests that are none, with a code and a status', async () => {
    const requests: [string, RequestInit, number, number][] = [
      ['enroll', { method: 'POST', body: '{}' }, 401, 2],
      ['register', { method: 'POST', body: '{}' }, 401, 2],
      ['register', { method: 'POST', body: '{}', headers: { authorization: 'a.b' } }, 401, 20],
      ['register', { method: 'POST', body: '[' }, 400, 5],
      ['register', { method: 'POST', body: 'null' }, 400, 5],
      ['enroll', { method: 'GET' }, 405, 1],
      ['revoke', { method: 'POST', body: '{}' }, 404, 0],
      ['enroll', { method: 'POST', body: 'x'.repeat(2 ** 21) }, 413, 3],
    ];
    for (const [path, request, status, code] of requests) {
      const answer = await fetch(`${ledger.ca}/api/v1/${path}`, request);
      const { success, errors } = (await answer.json()) as { success: boolean; errors: { code: number }[] };
      expect({ path, status: answer.status, success, code: errors[0]!.code }).toEqual({
        path,
        status,
        success: false,
        code,
      });
    }
  });
});
