import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateProfile } from './locate.js';
import { type Profile, loadProfile, resolveProfile, writeProfile } from './profile.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

const profile: Profile = {
  schemaVersion: 1,
  name: 'hospital-a',
  gateway: { address: 'localhost:7051', tls: { rootCertificate: { path: 'tls.pem' } } },
  channel: 'market',
  chaincode: 'chaincode',
  mspId: 'Org1MSP',
  certificateAuthority: {
    url: 'https://localhost:7054',
    name: 'ca-org1',
    tlsRootCertificate: { path: 'tls.pem' },
  },
  certificate: { path: 'certificate.pem' },
  privateKey: { pem: '-----BEGIN PRIVATE KEY-----\n' },
  keyring: { path: 'keyring.json', keyFile: '/keys/keyring.key' },
  vault: { kind: 'filesystem', path: '../vault' },
  home: '.',
};

describe('profile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-profile-'));
    writeFileSync(join(folder, 'certificate.pem'), '-----BEGIN CERTIFICATE-----\n');
    writeFileSync(join(folder, 'tls.pem'), 'root');
  });
  afterEach(() => {
    delete process.env.VERITRAIN_HOME;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is written, and read with its paths from its own folder and its PEM files read', async () => {
    const path = join(folder, 'profile.json');
    await writeProfile(path, profile);
    expect(loadProfile(path)).toMatchObject({
      name: 'hospital-a',
      gateway: { address: 'localhost:7051', tls: { rootCertificatePem: 'root' } },
      certificateAuthority: { url: 'https://localhost:7054', name: 'ca-org1', tlsRootPem: 'root' },
      certificatePem: '-----BEGIN CERTIFICATE-----\n',
      privateKeyPem: '-----BEGIN PRIVATE KEY-----\n',
      keyring: { path: join(folder, 'keyring.json'), keyFile: '/keys/keyring.key' },
      vault: { kind: 'filesystem', path: join(folder, '..', 'vault') },
      home: folder,
    });
  });

  it.each([
    ['an unknown field', { extra: 1 }, 'extra'],
    ['an address without a port', { gateway: { address: 'localhost' } }, 'gateway.address'],
    ['another version', { schemaVersion: 2 }, 'schemaVersion'],
    ['a CA without an address', { certificateAuthority: { name: 'ca' } }, 'certificateAuthority.url'],
    ['a name that is no file name', { name: '../a' }, 'name'],
    ['an unknown kind of vault', { vault: { kind: 'ftp', path: 'x' } }, 'vault.kind'],
    ['a field of another kind of vault', { vault: { kind: 's3', path: 'x' } }, 'path'],
    ['an endpoint of a vault that is none', { vault: { kind: 's3', endpoint: 'minio:9000' } }, 'endpoint'],
    [
      'a secret in it',
      { vault: { kind: 's3', credentials: { kind: 'static', accessKey: 'a', secretKey: 'b' } } },
      'vault.credentials',
    ],
  ])('is refused with %s, which is named', (_, change, field) => {
    const resolve = (): unknown => resolveProfile({ ...profile, ...change }, folder);
    expect(resolve).toThrow(coded('VT8001'));
    expect(resolve).toThrow(
      expect.objectContaining({ facts: { issues: expect.stringContaining(field) } }) as Error,
    );
    return expect(
      writeProfile(join(folder, 'p.json'), { ...profile, ...change } as Profile),
    ).rejects.toThrow();
  });

  it('says which file is missing or no JSON', () => {
    expect(() => loadProfile(join(folder, 'none.json'))).toThrow(coded('VT8002'));
    expect(() => resolveProfile({ ...profile, certificate: { path: 'none.pem' } }, folder)).toThrow(
      expect.objectContaining({
        code: 'VT8002',
        facts: { path: join(folder, 'none.pem'), purpose: 'certificate' },
      }) as Error,
    );
    writeFileSync(join(folder, 'profile.json'), 'text');
    expect(() => loadProfile(join(folder, 'profile.json'))).toThrow(coded('VT8001'));
  });

  it('may begin with a byte order mark, and name paths in the home folder', () => {
    const path = join(folder, 'profile.json');
    writeFileSync(path, `\ufeff${JSON.stringify({ ...profile, home: '~/state' })}`);
    expect(loadProfile(path).home).toBe(join(homedir(), 'state'));
  });

  it('is looked for in the home folder where VERITRAIN_HOME is empty', () => {
    process.env.VERITRAIN_HOME = '';
    expect(() => locateProfile('nobody')).toThrow(
      expect.objectContaining({
        facts: { lookedIn: expect.stringContaining(join(homedir(), '.veritrain')) as string },
      }) as Error,
    );
  });

  it('is found by path, by folder and by name', () => {
    const file = join(folder, 'profiles', 'hospital-a', 'profile.json');
    mkdirSync(join(folder, 'profiles', 'hospital-a'), { recursive: true });
    writeFileSync(file, '{}');
    process.env.VERITRAIN_HOME = folder;
    expect(locateProfile(file)).toBe(file);
    expect(locateProfile(join(folder, 'profiles', 'hospital-a'))).toBe(file);
    expect(locateProfile('hospital-a')).toBe(file);
    expect(() => locateProfile('hospital-b')).toThrow(coded('VT8002'));
  });
});
