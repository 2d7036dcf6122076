import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWalletIdentity } from './walletIdentity.js';

const wallet = mkdtempSync(join(tmpdir(), 'veritrain-wallet-'));
afterAll(() => rmSync(wallet, { recursive: true, force: true }));

const pem = (what: string): string => `-----BEGIN ${what}-----\nx\n-----END ${what}-----\n`;
/** As fabric-network writes it. */
const identity = {
  credentials: { certificate: pem('CERTIFICATE'), privateKey: pem('PRIVATE KEY') },
  mspId: 'Org1MSP',
  type: 'X.509',
  version: 1,
};

beforeAll(() => {
  const write = (label: string, content: object): void =>
    writeFileSync(join(wallet, `${label}.id`), JSON.stringify(content));
  write('admin', identity);
  write('appUser', identity);
  write('hsm', {
    credentials: { certificate: pem('CERTIFICATE') },
    mspId: 'Org1MSP',
    type: 'HSM-X.509',
    version: 1,
  });
  write('other', { ...identity, type: 'HSM-X.509' });
  write('newer', { ...identity, version: 2 });
  writeFileSync(join(wallet, 'torn.id'), '{"credentials":');
  writeFileSync(join(wallet, 'notes.txt'), '');
});

describe('a wallet folder', () => {
  it('gives certificate and key of an identity', () => {
    expect(readWalletIdentity(wallet, 'appUser')).toEqual({
      mspId: 'Org1MSP',
      certificatePem: pem('CERTIFICATE'),
      privateKeyPem: pem('PRIVATE KEY'),
    });
  });

  it('names the identities there are', () => {
    const known = 'there are admin, appUser, hsm, newer, other, torn.';
    expect(() => readWalletIdentity(wallet, 'appuser1')).toThrow(
      `VT9104 IDENTITY_MISSING: The wallet has no identity appuser1; ${known} Did you mean appUser?`,
    );
    expect(() => readWalletIdentity(wallet)).toThrow(
      `VT9001 WRONG_ARGUMENT: Choose an identity of the wallet with --identity; ${known}`,
    );
    expect(() => readWalletIdentity(join(wallet, 'none'), 'appUser')).toThrow('there are none');
  });

  it.each([
    ['hsm', 'credentials.privateKey', /string/],
    ['other', 'type', /must be X.509/],
    ['newer', 'version', /expected 1/],
  ])('refuses the identity %s', (label, field, problem) => {
    expect(() => readWalletIdentity(wallet, label)).toThrow(
      expect.objectContaining({
        code: 'VT9004',
        facts: expect.objectContaining({
          field,
          problem: expect.stringMatching(problem) as string,
        }) as object,
      }),
    );
  });

  it('refuses what is no JSON', () => {
    expect(() => readWalletIdentity(wallet, 'torn')).toThrow(
      /VT9004 FILE_INVALID: The wallet identity .* is not JSON/,
    );
  });
});
