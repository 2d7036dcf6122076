import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { isVeritrainError, type VeritrainError } from '@veritrain/client-sdk';
import { digestOf, newHandle } from '@veritrain/client-sdk/vault';
import {
  type S3Options,
  type S3Vault,
  keyOf,
  s3OptionsFromEnvironment,
  s3Vault,
} from '@veritrain/client-sdk/s3';
import { readAll } from './support/bytes.js';
import { type IdentityProvider, startIdentityProvider } from './support/identityProvider.js';
import { TestMinio, bucket, describeMinio, minioWithinMs } from './support/minio.js';
import { writeServerCertificate } from './support/serverCertificate.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
const folder = mkdtempSync(join(tmpdir(), 'veritrain-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const errorOf = async (call: Promise<unknown>): Promise<VeritrainError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isVeritrainError(error)) throw new Error('no coded error', { cause: error });
  return error;
};

describeMinio('who may do what in an S3', () => {
  let minio: TestMinio;
  let provider: IdentityProvider;
  let root: S3Vault;
  const bytes = randomBytes(1000);
  const large = randomBytes(9 * 1024 * 1024);
  const tokenFile = join(folder, 'token');

  beforeAll(async () => {
    provider = await startIdentityProvider();
    minio = await TestMinio.start({ environment: provider.environment });
    root = s3Vault(minio.s3);
  }, minioWithinMs);
  afterAll(async () => {
    await minio?.stop();
    await provider?.close();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  const keys = (): { accessKey: string; secretKey: string } => {
    if (minio.s3.credentials.kind !== 'static') throw new Error('the root user has keys');
    const { accessKey, secretKey } = minio.s3.credentials;
    return { accessKey, secretKey };
  };
  const vaultOf = (change: Partial<S3Options>): S3Vault => s3Vault({ ...minio.s3, ...change });

  /** A member whose token names a policy of MinIO. */
  async function memberWith(policy: string): Promise<S3Vault> {
    writeFileSync(tokenFile, `${await provider.token(policy)}\n`);
    return vaultOf({ credentials: { kind: 'webIdentity', tokenFile } });
  }

  it('lets in who has keys in the environment, in a file, or a token to exchange for them', async () => {
    vi.stubEnv('VERITRAIN_S3_ACCESS_KEY', keys().accessKey);
    vi.stubEnv('VERITRAIN_S3_SECRET_KEY', keys().secretKey);
    const path = join(folder, 'credentials.json');
    writeFileSync(path, JSON.stringify(keys()), { mode: 0o600 });
    const members = [
      vaultOf({ credentials: { kind: 'environment' } }),
      vaultOf({ credentials: { kind: 'file', path } }),
      await memberWith('readwrite'),
    ];
    for (const member of members) {
      const { handle, digest } = await member.put(bytes);
      expect(digestOf(await root.get(handle))).toBe(digest);
    }
  });

  it('takes everything from VERITRAIN_S3_*', async () => {
    const vault = s3Vault({
      ...s3OptionsFromEnvironment({
        VERITRAIN_S3_ENDPOINT: minio.endpoint,
        VERITRAIN_S3_BUCKET: bucket,
        VERITRAIN_S3_REGION: 'us-east-1',
        VERITRAIN_S3_PATH_STYLE: 'true',
        VERITRAIN_S3_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      }),
    });
    writeFileSync(tokenFile, await provider.token('readwrite'));
    const { handle } = await vault.put(bytes);
    expect(await root.has(handle)).toBe(true);
  });

  it('gives objects to who may read them, and does not say whether there are any to others', async () => {
    const { handle, digest } = await root.put(bytes);
    const reader = await memberWith('readonly');
    expect(digestOf(await reader.get(handle, { digest }))).toBe(digest);
    expect(await reader.has(handle)).toBe(true);
    expect(await reader.has(newHandle())).toBe(false);
    const stranger = await memberWith('writeonly');
    for (const each of [handle, newHandle()]) {
      expect(await stranger.has(each)).toBe(false);
      await expect(stranger.get(each)).rejects.toThrow(coded('VT8206'));
    }
  });

  it('says what a member may not do', async () => {
    const reader = await memberWith('readonly');
    const { handle } = await root.put(bytes);
    const list = async (): Promise<void> => {
      for await (const _object of reader.list(''));
    };
    const calls = [reader.put(bytes), reader.put(large), reader.delete(handle), list()];
    for (const error of await Promise.all(calls.map(errorOf)))
      expect(error).toMatchObject({
        code: 'VT8213',
        facts: { s3Code: 'AccessDenied', bucket },
      });
    expect(await root.has(handle)).toBe(true);
  });

  it('takes objects of who may do nothing but store them, and replaces none', async () => {
    const writer = await memberWith('writeonly');
    for (const content of [bytes, large]) {
      const handle = newHandle();
      const { digest } = await writer.put(content, { handle });
      expect(digestOf(await root.get(handle))).toBe(digest);
      // The member may not read what it would have to compare.
      await expect(writer.put(randomBytes(10), { handle })).rejects.toThrow(coded('VT8206'));
      expect(digestOf(await root.get(handle))).toBe(digest);
    }
  });

  const unusable: [string, Partial<S3Options>, string, string][] = [
    [
      'an unknown access key',
      { credentials: { kind: 'static', accessKey: 'nobody', secretKey: 'not-a-secret' } },
      'VT8208',
      'InvalidAccessKeyId',
    ],
    ['an unknown bucket', { bucket: 'no-such-bucket' }, 'VT8209', 'NoSuchBucket'],
    [
      'nobody there',
      { endpoint: 'http://127.0.0.1:1', timing: { retryForMs: 20 } },
      'VT8207',
      'ECONNREFUSED',
    ],
    ['a host of no name', { endpoint: 'http://no-such-host.invalid' }, 'VT8207', 'ENOTFOUND'],
  ];
  it.each(unusable)('says so of %s, whatever is asked', async (_, change, code, said) => {
    const vault = vaultOf(change);
    const handle = newHandle();
    const calls = [
      vault.put(bytes),
      vault.put(large, { handle }),
      vault.get(handle),
      vault.has(handle),
      vault.delete(handle),
    ];
    for (const error of await Promise.all(calls.map(errorOf))) {
      expect(error.code).toBe(code);
      expect(Object.values(error.facts)).toContain(said);
      expect(error.facts).toMatchObject({ endpoint: change.endpoint ?? minio.endpoint });
    }
  });

  it('refuses a wrong secret, which stays one', async () => {
    const secretKey = 'wrong-but-nobodys-business';
    const error = await errorOf(
      vaultOf({ credentials: { kind: 'static', accessKey: keys().accessKey, secretKey } }).put(bytes),
    );
    expect(error).toMatchObject({ code: 'VT8208', facts: { s3Code: 'SignatureDoesNotMatch' } });
    expect(`${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(secretKey);
  });

  it('refuses a token that has ended, or is none, and says it of its credentials', async () => {
    writeFileSync(tokenFile, await provider.token('readwrite', '-1h'));
    const ended = vaultOf({ credentials: { kind: 'webIdentity', tokenFile } });
    await expect(ended.put(bytes)).rejects.toThrow(coded('VT8208'));
    writeFileSync(tokenFile, 'a token of nobody');
    await expect(ended.get(newHandle())).rejects.toThrow(coded('VT8208'));
    writeFileSync(tokenFile, await provider.token('readwrite'));
    await expect(ended.put(bytes)).resolves.toMatchObject({ sizeBytes: 1000 });
  });

  it('says which credentials are not there', async () => {
    const open = join(folder, 'open.json');
    writeFileSync(open, JSON.stringify(keys()), { mode: 0o644 });
    const half = join(folder, 'half.json');
    writeFileSync(half, JSON.stringify({ accessKey: 'a' }), { mode: 0o600 });
    const cases: [S3Options['credentials'], string][] = [
      [{ kind: 'environment' }, 'VT8215'],
      [{ kind: 'file', path: join(folder, 'none.json') }, 'VT8215'],
      [{ kind: 'file', path: half }, 'VT8215'],
      [{ kind: 'file', path: open }, 'VT8304'],
      [{ kind: 'webIdentity', tokenFile: join(folder, 'none') }, 'VT8215'],
    ];
    for (const [credentials, code] of cases)
      await expect(vaultOf({ credentials }).has(newHandle())).rejects.toThrow(coded(code));
  });

  it('says that the clock is off', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const calls = [root.put(bytes), root.put(large), root.get(newHandle()), root.has(newHandle())];
    for (const error of await Promise.all(calls.map(errorOf)))
      expect(error).toMatchObject({
        code: 'VT8211',
        facts: { s3Code: 'RequestTimeTooSkewed' },
      });
  });

  it('lists by prefix, page after page, with sizes and times', async () => {
    const place = randomBytes(24).toString('hex');
    const handles = Array.from({ length: 3 }, () => `${place}${randomBytes(32).toString('hex')}`).sort();
    const before = Date.now() - 60_000;
    for (const handle of handles) await root.put(bytes, { handle });
    await minio.client.putObject(bucket, `${place.slice(0, 24)}/of-no-handle`, Buffer.from('x'));
    const found: { handle: string; sizeBytes: number; modifiedAt: number }[] = [];
    for await (const object of root.list(`${place.slice(0, 24)}/`)) found.push(object);
    expect(found.map(({ handle }) => handle)).toEqual(handles);
    for (const { sizeBytes, modifiedAt } of found) {
      expect(sizeBytes).toBe(1000);
      expect(modifiedAt).toBeGreaterThan(before);
    }
  });

  it('signs addresses to read and to store, which end', async () => {
    const { handle } = await root.put(bytes);
    const address = await root.presignGet(handle, { expiresInMs: 60_000 });
    const answer = await fetch(address);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    const other = newHandle();
    const stored = await fetch(await root.presignPut(other, { expiresInMs: 60_000 }), {
      method: 'PUT',
      body: bytes,
    });
    expect(stored.status).toBe(200);
    expect((await readAll(await minio.client.getObject(bucket, keyOf(other)))).equals(bytes)).toBe(true);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    expect((await fetch(await root.presignGet(handle, { expiresInMs: 60_000 }))).status).toBe(403);
    for (const expiresInMs of [0, NaN, 8 * 24 * 3_600_000])
      await expect(root.presignGet(handle, { expiresInMs })).rejects.toThrow(coded('VT8004'));
  });
});

describeMinio('an S3 over TLS', () => {
  let minio: TestMinio;
  let rootCertificatePem: string;
  beforeAll(async () => {
    const certificates = join(folder, 'certificates');
    rootCertificatePem = await writeServerCertificate(certificates);
    minio = await TestMinio.start({ certificates, rootCertificatePem });
  }, minioWithinMs);
  afterAll(() => minio?.stop());

  it('is trusted by its CA’s certificate, and moves objects of any size', async () => {
    const vault = s3Vault({ ...minio.s3, tls: { rootCertificatePem } });
    for (const size of [1000, 17 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      const { handle, digest } = await vault.put(bytes);
      expect(Buffer.from(await vault.get(handle, { digest })).equals(bytes)).toBe(true);
    }
  });

  it('is not trusted without, nor by another, nor spoken to where none is meant', async () => {
    const another = await writeServerCertificate(join(folder, 'another'));
    const plain = { endpoint: minio.endpoint.replace('https:', 'http:'), timing: { retryForMs: 20 } };
    const cases: [Partial<S3Options>, string][] = [
      [{}, 'VT8210'],
      [{ tls: { rootCertificatePem: another } }, 'VT8210'],
    ];
    for (const [change, code] of cases)
      for (const call of ['has', 'get', 'delete'] as const)
        await expect(s3Vault({ ...minio.s3, ...change })[call](newHandle())).rejects.toThrow(coded(code));
    expect(await errorOf(s3Vault({ ...minio.s3, ...plain }).put(randomBytes(10)))).toMatchObject({
      code: 'VT8225',
      hint: expect.stringMatching(/https:\/\//) as unknown,
    });
  });
});
