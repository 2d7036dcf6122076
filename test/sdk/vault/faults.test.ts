import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isVeritrainError } from '@veritrain/client-sdk';
import { digestOf, newHandle, type Vault } from '@veritrain/client-sdk/vault';
import { type S3Options, s3Vault } from '@veritrain/client-sdk/s3';
import {
  type Fault,
  type FaultyProxy,
  type ProxiedRequest,
  faults,
  startFaultyProxy,
} from './support/faultyProxy.js';
import { TestMinio, describeMinio, minioWithinMs } from './support/minio.js';

const megabyte = 1024 * 1024;
const largeBytes = 20 * megabyte + 7;
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

/** What a vault asks an S3 for. */
const kinds = {
  'looks whether it is there': ({ method, headers }) => method === 'GET' && headers.range === 'bytes=0-0',
  'looks for interrupted uploads': ({ method, url }) => method === 'GET' && url.includes('uploads'),
  'begins an upload': ({ method, url }) => method === 'POST' && url.endsWith('?uploads'),
  'sends a part': ({ method, url }) => method === 'PUT' && url.includes('partNumber='),
  'ends an upload': ({ method, url }) => method === 'POST' && url.includes('uploadId='),
  'stores in one': ({ method, url }) => method === 'PUT' && !url.includes('?'),
  'reads it': ({ method, url, headers }) =>
    method === 'GET' && !url.includes('?') && headers.range === undefined,
} satisfies Record<string, (request: ProxiedRequest) => boolean>;
type Kind = keyof typeof kinds;

describeMinio('an S3 on a bad day', () => {
  let minio: TestMinio;
  let proxy: FaultyProxy;
  let vault: Vault;
  const bytes = randomBytes(largeBytes);

  beforeAll(async () => {
    minio = await TestMinio.start();
  }, minioWithinMs);
  afterAll(() => minio?.stop());
  beforeEach(async () => {
    proxy = await startFaultyProxy(minio.port);
    vault = vaultWith({});
  });
  afterEach(() => proxy?.close());

  const vaultWith = (timing: S3Options['timing']): Vault =>
    s3Vault({ ...minio.s3, endpoint: proxy.endpoint, timing: { ...minio.s3.timing, ...timing } });

  const countOf = (kind: Kind): number => proxy.requests.filter(kinds[kind]).length;

  /** Something goes wrong with the first request of a kind only. @returns whether it has */
  function once(kind: Kind, fault: Fault): () => boolean {
    let done = false;
    proxy.plan = (request) => {
      if (done || !kinds[kind](request)) return undefined;
      done = true;
      return fault;
    };
    return () => done;
  }

  describe.each(faults)('%s', (fault) => {
    it.each(Object.keys(kinds) as Kind[])(
      'when a member %s: the object is whole, or the error says what happened',
      async (kind) => {
        const happened = once(kind, fault);
        // A part and a half, or less than one.
        const content = bytes.subarray(0, (kind === 'stores in one' ? 1 : 12) * megabyte);
        const handle = newHandle();
        const digest = digestOf(content);
        try {
          await vault.put(content, { handle });
          expect(digestOf(await vault.get(handle, { digest }))).toBe(digest);
        } catch (error) {
          if (!isVeritrainError(error)) throw error;
          expect(error.code).toMatch(/^VT82(02|14)$/);
          expect(['spoiltAnswer', 'shortAnswer']).toContain(fault);
        }
        expect(happened()).toBe(true);
        // What went wrong once leaves nothing behind that a second try could not mend.
        expect(await vault.put(content, { handle })).toMatchObject({ digest });
        expect(digestOf(await vault.get(handle, { digest }))).toBe(digest);
      },
    );
  });

  it.each(['spoiltAnswer', 'shortAnswer'] as const)('%s: found by the digest', async (fault) => {
    const { handle, digest } = await vault.put(bytes);
    once('reads it', fault);
    await expect(vault.get(handle, { digest })).rejects.toThrow(coded('VT8202'));
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digest);
  });

  it('reads on where a lost connection stopped, and not from the start', async () => {
    const { handle, digest } = await vault.put(bytes);
    once('reads it', 'cutAnswer');
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digest);
    const rest = proxy.requests.find(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? ''));
    expect(rest?.headers['if-match']).toBeDefined();
  });

  it('says that an object was replaced while it was read', async () => {
    const { handle, digest } = await vault.put(bytes);
    proxy.plan = (request) => (kinds['reads it'](request) ? 'cutAnswer' : undefined);
    const read = async (): Promise<void> => {
      for await (const _piece of vault.stream(handle, { digest })) {
        if (proxy.plan === undefined) continue;
        proxy.plan = undefined;
        await vault.delete(handle);
        await vault.put(randomBytes(largeBytes), { handle });
      }
    };
    await expect(read()).rejects.toThrow(coded('VT8202'));
  });

  it.each([
    ['busy', 's3Code', 'SlowDown'],
    ['reset', 'networkCode', 'ECONNRESET'],
  ] as const)('always %s: unreachable, and why, once its time is up', async (fault, fact, value) => {
    proxy.plan = () => fault;
    const impatient = vaultWith({ retryForMs: 50 });
    const calls = [
      () => impatient.put(bytes),
      () => impatient.get(newHandle()),
      () => impatient.has(newHandle()),
    ];
    for (const call of calls)
      await expect(call()).rejects.toThrow(
        expect.objectContaining({
          code: 'VT8207',
          facts: expect.objectContaining({ [fact]: value }),
        }) as Error,
      );
    expect(proxy.requests.length).toBeGreaterThan(3);
  });

  it('asks without conditions where the server knows none, and still replaces nothing', async () => {
    proxy.plan = ({ headers }) => (headers['if-none-match'] === undefined ? undefined : 'unknown');
    const [small, large] = [await vault.put(randomBytes(1000)), await vault.put(bytes)];
    expect(proxy.requests.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(1);
    for (const { handle } of [small, large])
      await expect(vault.put(randomBytes(1000), { handle })).rejects.toThrow(coded('VT8204'));
  });

  it('goes on with an upload that was broken off, and leaves none of older ones', async () => {
    const handle = newHandle();
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    await expect(vault.put(bytes, { handle, onProgress, signal: stop.signal })).rejects.toThrow(
      coded('VT8005'),
    );
    const before = proxy.requests.length;
    const seen: number[] = [];
    await vault.put(bytes, { handle, onProgress: ({ sentBytes }) => seen.push(sentBytes) });
    const again = proxy.requests.slice(before);
    expect(again.filter(kinds['begins an upload'])).toEqual([]);
    expect(again.filter(kinds['sends a part']).length).toBeLessThan(3);
    expect(seen.at(-1)).toBe(largeBytes);
    const { uploads } = await minio.uploadsOf(handle);
    expect(uploads).toEqual([]);
  });

  it('takes no part of an earlier upload that is of other bytes', async () => {
    const handle = newHandle();
    const stop = new AbortController();
    const other = randomBytes(largeBytes);
    const onProgress = (): void => stop.abort();
    await expect(vault.put(other, { handle, onProgress, signal: stop.signal })).rejects.toThrow(
      coded('VT8005'),
    );
    const { digest } = await vault.put(bytes, { handle });
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digestOf(bytes));
  });

  it('ends stale uploads of an object once it is stored', async () => {
    const handle = newHandle();
    for (let count = 0; count < 3; count += 1) await minio.beginUpload(handle);
    expect((await minio.uploadsOf(handle)).uploads).toHaveLength(3);
    await vault.put(bytes, { handle });
    expect((await minio.uploadsOf(handle)).uploads).toEqual([]);
  });

  it('killed in the middle of an upload, and back: the object is whole', async () => {
    const handle = newHandle();
    let restarted: Promise<void> | undefined;
    const onProgress = (): void => {
      restarted ??= minio.kill().then(() => minio.restart());
    };
    const { digest } = await vault.put(bytes, { handle, onProgress });
    await restarted;
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digestOf(bytes));
  });

  it('killed in the middle of an upload, and gone: says so, and the next try goes on', async () => {
    const handle = newHandle();
    let killed: Promise<void> | undefined;
    const onProgress = (): void => {
      killed ??= minio.kill();
    };
    const impatient = vaultWith({ retryForMs: 50 });
    await expect(impatient.put(inPieces(), { handle, onProgress })).rejects.toThrow(coded('VT8207'));
    await killed;
    await minio.restart();
    const before = countOf('sends a part');
    const { digest } = await vault.put(bytes, { handle });
    expect(countOf('sends a part') - before).toBeLessThan(3);
    expect(digestOf(await vault.get(handle, { digest }))).toBe(digestOf(bytes));

    /** What comes after the first two parts comes when the server is gone. */
    async function* inPieces(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 17 * megabyte);
      while (killed === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      await killed;
      yield bytes.subarray(17 * megabyte);
    }
  });
});
