import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesystemVault } from './filesystemVault.js';
import { newHandle } from './handle.js';
import type { Vault } from './vault.js';

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('filesystemVault', () => {
  let folder: string;
  let vault: Vault;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veritrain-vault-'));
    vault = filesystemVault(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += 1000) {
      await Promise.resolve();
      yield bytes.subarray(start, start + 1000);
    }
  }

  it.each([0, 1, 1024 * 1024, 3 * 1024 * 1024 + 7])('gives back the %i bytes it took', async (size) => {
    const bytes = randomBytes(size);
    const stored = await vault.put(bytes);
    expect(stored).toMatchObject({ digest: digestOf(bytes), sizeBytes: size });
    expect(Buffer.from(await vault.get(stored.handle, { digest: stored.digest })).equals(bytes)).toBe(true);
  });

  it('takes and gives streams', async () => {
    const bytes = randomBytes(2_500_000);
    const stored = await vault.put(inPieces(bytes));
    expect(stored.digest).toBe(digestOf(bytes));
    const pieces: Uint8Array[] = [];
    for await (const piece of vault.stream(stored.handle, { digest: stored.digest })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('chooses handles that say nothing of the content', async () => {
    const bytes = randomBytes(10);
    const [first, second] = [await vault.put(bytes), await vault.put(bytes)];
    expect(first.handle).not.toBe(second.handle);
    expect(first.digest).not.toContain(first.handle);
  });

  it('finds a single changed byte', async () => {
    const bytes = randomBytes(100_000);
    const { handle, digest } = await vault.put(bytes);
    const path = join(folder, 'objects', handle.slice(0, 2), handle);
    const changed = await readFile(path);
    changed[50_000]! ^= 1;
    await writeFile(path, changed);
    await expect(vault.get(handle, { digest })).rejects.toThrow(coded('VT8202'));
  });

  it('takes the same bytes under the same handle again, and refuses others', async () => {
    const handle = newHandle();
    const bytes = randomBytes(5000);
    const [first, second] = await Promise.all([vault.put(bytes, { handle }), vault.put(bytes, { handle })]);
    expect(first).toEqual(second);
    await expect(vault.put(randomBytes(5000), { handle })).rejects.toThrow(coded('VT8204'));
    expect(Buffer.from(await vault.get(handle)).equals(bytes)).toBe(true);
  });

  it('knows what it has, and deletes', async () => {
    const { handle } = await vault.put(randomBytes(10));
    expect(await vault.has(handle)).toBe(true);
    await vault.delete(handle);
    await vault.delete(handle);
    expect(await vault.has(handle)).toBe(false);
    await expect(vault.get(handle)).rejects.toThrow(coded('VT8201'));
  });

  it.each(['../../../etc/passwd', 'a/b/c/d/e/f/g/h/i', 'short', '', 'x'.repeat(129)])(
    'refuses the handle "%s"',
    async (handle) => {
      await expect(vault.get(handle)).rejects.toThrow(coded('VT8203'));
      await expect(vault.put(randomBytes(1), { handle })).rejects.toThrow(coded('VT8203'));
    },
  );

  it('refuses objects over the limit before it reads them', async () => {
    const { handle } = await vault.put(randomBytes(1001));
    await expect(vault.get(handle, { maxBytes: 1000 })).rejects.toThrow(coded('VT8205'));
  });

  it('leaves nothing behind when a source fails or the caller aborts', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(randomBytes(10));
      throw new Error('the source broke');
    }
    const handle = newHandle();
    await expect(vault.put(failing(), { handle })).rejects.toThrow('the source broke');
    const signal = AbortSignal.abort();
    await expect(vault.put(randomBytes(10), { handle, signal })).rejects.toThrow(coded('VT8005'));
    expect(await vault.has(handle)).toBe(false);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    const { handle: stored } = await vault.put(randomBytes(10));
    await expect(vault.get(stored, { signal })).rejects.toThrow(coded('VT8005'));
  });
});
