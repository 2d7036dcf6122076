import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { connectMarket, type Market, type Profile, writeProfile } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { TestMinio, bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { writeServerCertificate } from './support/serverCertificate.js';

describeMinio('a market whose vault is an S3', () => {
  let minio: TestMinio;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'veritrain-market-vault-'));
    minio = await TestMinio.start();
    // Any certificate and its key make an identity; nobody asks a ledger here.
    await writeServerCertificate(folder);
    writeFileSync(join(folder, 'vault.key'), randomBytes(32).toString('hex'), { mode: 0o600 });
  }, minioWithinMs);
  afterAll(async () => {
    await minio?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  async function marketWith(vault: Profile['vault']): Promise<Market> {
    const profile = join(folder, 'profile.json');
    await writeProfile(profile, {
      schemaVersion: 1,
      name: 'lab',
      gateway: { address: '127.0.0.1:1' },
      channel: 'market',
      chaincode: 'veritrain',
      mspId: 'Org1MSP',
      certificate: { path: 'public.crt' },
      privateKey: { path: 'private.key' },
      keyring: { path: 'keyring.json' },
      vault,
      home: '.',
    });
    return connectMarket({ profile });
  }

  async function isUsable({ vault, close }: Market): Promise<void> {
    const bytes = randomBytes(1000);
    const { handle, digest } = await vault.put(bytes);
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digestOf(bytes));
    close();
  }

  const keys = (): object => {
    const { kind: _kind, ...rest } = minio.s3.credentials;
    return rest;
  };

  it('takes it from the profile, with paths from its folder', async () => {
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys()), { mode: 0o600 });
    // The profile goes before the environment.
    vi.stubEnv('VERITRAIN_S3_ENDPOINT', 'http://127.0.0.1:1');
    const credentials = { kind: 'file', path: 'keys.json' } as const;
    const key = { path: 'vault.key' };
    await isUsable(await marketWith({ kind: 's3', endpoint: minio.endpoint, bucket, credentials, key }));
  });

  it('takes from the environment what the profile leaves out', async () => {
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys()), { mode: 0o600 });
    vi.stubEnv('VERITRAIN_S3_ENDPOINT', minio.endpoint);
    vi.stubEnv('VERITRAIN_S3_BUCKET', bucket);
    vi.stubEnv('VERITRAIN_S3_CREDENTIALS_FILE', join(folder, 'keys.json'));
    vi.stubEnv('VERITRAIN_S3_KEY_FILE', join(folder, 'vault.key'));
    await isUsable(await marketWith({ kind: 's3' }));
  });

  it('names what neither says', async () => {
    await expect(
      marketWith({ kind: 's3', endpoint: minio.endpoint, key: { path: 'vault.key' } }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'VT8001',
        facts: { issues: expect.stringContaining('VERITRAIN_S3_BUCKET') },
      }) as Error,
    );
  });
});
