import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectMarket } from '@veritrain/client-sdk';
import { createKeyring } from '@veritrain/client-sdk/keys';
import { enrol, reenrol, register } from '@veritrain/client-sdk/enrolment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerProcess } from './ledgerProcess.js';
import { TestMarket, idOf, quickSettings } from './testMarket.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('enrolment with the CA', () => {
  let test: TestMarket;
  beforeAll(async () => {
    test = await TestMarket.start();
    await test.configure({ ...quickSettings, rolesFromAttributes: true });
  });
  afterAll(() => test?.close());

  it('gives certificates the roles that the market demands, and renews them for the same member', async () => {
    const { ca } = test;
    const registrar = await test.registrar();
    const attributes = [{ name: 'veritrain.roles', value: 'cloudOwner', ecert: true }];
    const { secret } = await register({ ca, registrar, enrolmentId: 'host', attributes });
    const identity = await enrol({ ca, mspId: 'Org1MSP', enrolmentId: 'host', secret });
    const market = await test.connect('host', identity);
    const { signingKey, encryptionKey } = market.keyring;
    const keys = { participantId: idOf('host'), signingKey, encryptionKey };
    await expect(market.participants.register({ roles: ['dataOwner'], ...keys })).rejects.toThrow(
      coded('VT0307'),
    );
    await market.participants.register({ roles: ['cloudOwner'], ...keys });

    const renewed = await reenrol({ ca, identity });
    expect(renewed.privateKeyPem).not.toBe(identity.privateKeyPem);
    const subject = (pem: string): string => new X509Certificate(pem).subject;
    expect(subject(renewed.certificatePem)).toBe(subject(identity.certificatePem));
    const again = await connectMarket({ profile: test.profile('host', renewed) });
    const { participant, certifiedRoles } = await again.participants.whoAmI();
    expect(participant?.participantId).toBe(idOf('host'));
    expect(certifiedRoles).toEqual(['cloudOwner']);
    again.close();
  });

  it('is had for a secret as often as its registrar said, however many ask at once', async () => {
    const { ca } = test;
    const registrar = await test.registrar();
    for (const maxEnrolments of [1, 3]) {
      const enrolmentId = `often-${maxEnrolments.toString()}`;
      const { secret } = await register({ ca, registrar, enrolmentId, maxEnrolments });
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, () => enrol({ ca, mspId: 'Org1MSP', enrolmentId, secret })),
      );
      const refused = asked.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(8 - maxEnrolments);
      for (const { reason } of refused as PromiseRejectedResult[]) expect(reason).toEqual(coded('VT8501'));
    }
  });

  it('is had for the right secret alone, before and after that was given', async () => {
    const { ca } = test;
    const registrar = await test.registrar();
    const asking = { ca, mspId: 'Org1MSP', enrolmentId: 'guessed' };
    const { secret } = await register({ ca, registrar, enrolmentId: 'guessed', maxEnrolments: -1 });
    for (const given of ['wrong', secret, 'wrong', secret.slice(1), secret]) {
      const asked = enrol({ ...asking, secret: given });
      if (given === secret) await asked;
      else await expect(asked).rejects.toEqual(coded('VT8501'));
    }
  });

  it('says what the CA said when it refuses, and when it is not there', async () => {
    const wrong = { ca: test.ca, mspId: 'Org1MSP', enrolmentId: 'nobody', secret: 'very secret' };
    const failure = await enrol(wrong).catch((error: unknown) => error);
    const said = 'Authentication failure';
    expect(failure).toMatchObject({
      code: 'VT8501',
      reason: `Could not enrol nobody at ${test.ca.url}: the CA said “${said}”.`,
      facts: { ca: 'ca-org1', caCode: 20, said, httpStatus: 401 },
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('very secret');
    const nowhere = { ...wrong, ca: { url: 'http://127.0.0.1:9' } };
    await expect(enrol(nowhere)).rejects.toThrow(coded('VT8501'));
    await expect(enrol({ ...wrong, signal: AbortSignal.abort() })).rejects.toThrow(coded('VT8005'));
  });

  it('refuses a profile whose key is not the certificate’s', async () => {
    const one = await test.registrar();
    const { enrolmentId, secretFile } = test.ledger.registrar;
    expect(enrolmentId).toBe('admin');
    expect(secretFile).toMatch(/secret$/);
    const other = await reenrol({ ca: test.ca, identity: one });
    const mixed = { ...one, privateKeyPem: other.privateKeyPem };
    await expect(connectMarket({ profile: test.profile('mixed', mixed) })).rejects.toThrow(coded('VT8003'));
  });

  it('reads the ledger without a keyring, and opens a locked one with its passphrase only', async () => {
    const identity = await test.registrar();
    const profile = test.profile('reader', identity);
    const { path } = profile.keyring;
    const without = { ...profile, keyring: { path } };
    const reader = await connectMarket({ profile: without });
    expect((await reader.config.get()).version).toBe(1);
    expect(() => reader.keyring).toThrow(coded('VT8301'));
    reader.close();
    const made = await createKeyring({ path, passphrase: 'correct horse' });
    const locked = await connectMarket({ profile: without });
    expect(() => locked.keyring).toThrow(coded('VT8302'));
    locked.close();
    await expect(connectMarket({ profile: without, passphrase: 'wrong' })).rejects.toThrow(coded('VT8302'));
    const opened = await connectMarket({ profile: without, passphrase: 'correct horse' });
    expect(opened.keyring.signingKey).toEqual(made.signingKey);
    opened.close();
  });
});

describe('enrolment in a busy process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-sdk-enrolment-'));
  const ledger = new LedgerProcess(join(folder, 'ledger'));
  let test: TestMarket;
  beforeAll(async () => {
    test = new TestMarket(await ledger.start());
  });
  afterAll(async () => {
    await test?.close();
    await ledger.stop('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('uses no connection that the CA has given up while this process did not look', async () => {
    const { ca } = test;
    const identity = await test.registrar();
    // The CA closes a connection after six idle seconds, which a process that computes does not hear.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 7_000);
    await expect(reenrol({ ca, identity })).resolves.toMatchObject({ mspId: 'Org1MSP' });
  });

  it('serves many members at once, each with its own certificate', async () => {
    const { ca } = test;
    const registrar = await test.registrar();
    const names = Array.from({ length: 100 }, (_, index) => `member-${index}`);
    const warned: Error[] = [];
    const warn = (warning: Error): number => warned.push(warning);
    process.on('warning', warn);
    const subjects = await Promise.all(
      names.map(async (enrolmentId) => {
        const { secret } = await register({ ca, registrar, enrolmentId });
        const { certificatePem } = await enrol({ ca, mspId: 'Org1MSP', enrolmentId, secret });
        return new X509Certificate(certificatePem).subject;
      }),
    );
    process.off('warning', warn);
    expect(subjects).toEqual(names.map((name) => expect.stringContaining(`CN=${name}`) as string));
    expect(warned).toEqual([]);
  });
});
