import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptedVault, filesystemVault, newHandle, type Vault } from '@veritrain/client-sdk/vault';
import { vaultConformance } from './support/vaultConformance.js';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'veritrain-vault-'));
const encrypted = (folder: string, key: Uint8Array): Vault => encryptedVault(filesystemVault(folder), key);
const pathOf = (folder: string, handle: string): string =>
  join(folder, 'objects', handle.slice(0, 2), handle);
const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

vaultConformance('an encrypted vault', async () => {
  const folder = await newFolder();
  return {
    vault: encrypted(folder, randomBytes(32)),
    async flipByte(handle, at) {
      const bytes = await readFile(pathOf(folder, handle));
      bytes[at]! ^= 1;
      await writeFile(pathOf(folder, handle), bytes);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('an encrypted vault', () => {
  const key = randomBytes(32);
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('stores nothing of the content in clear, and lets every member with the key read it', async () => {
    const secret = Buffer.from('systolic blood pressure, 442 patients');
    const { handle, digest } = await encrypted(folder, key).put(secret);
    expect((await readFile(pathOf(folder, handle))).includes(secret.subarray(0, 8))).toBe(false);
    expect(Buffer.from(await encrypted(folder, key).get(handle, { digest })).equals(secret)).toBe(true);
  });

  it('gives nothing to another market’s key', async () => {
    const { handle } = await encrypted(folder, key).put(randomBytes(1000));
    await expect(encrypted(folder, randomBytes(32)).get(handle)).rejects.toThrow(coded('VT8202'));
  });

  it('leaves as it is what is sealed to its readers already', async () => {
    const [vault, sealed] = [encrypted(folder, key), randomBytes(100_000)];
    const { handle, digest } = await vault.put(sealed, { sealed: true });
    expect((await readFile(pathOf(folder, handle))).equals(sealed)).toBe(true);
    expect(Buffer.from(await vault.get(handle, { digest, sealed: true })).equals(sealed)).toBe(true);
  });

  it('finds an object that was cut short, or replaced by an older one of the same member', async () => {
    const vault = encrypted(folder, key);
    const [first, second] = [await vault.put(randomBytes(200_000)), await vault.put(randomBytes(200_000))];
    const bytes = await readFile(pathOf(folder, first.handle));
    await writeFile(pathOf(folder, first.handle), bytes.subarray(0, 65_000));
    await expect(vault.get(first.handle)).rejects.toThrow(coded('VT8202'));
    await writeFile(pathOf(folder, second.handle), bytes);
    await expect(vault.get(second.handle, { digest: second.digest })).rejects.toThrow(coded('VT8202'));
  });

  it('lets go of its source when the store fails', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(randomBytes(100_000));
      } finally {
        closed = true;
      }
    }
    const signal = AbortSignal.timeout(50);
    await expect(encrypted(folder, key).put(source(), { handle: newHandle(), signal })).rejects.toThrow(
      coded('VT8005'),
    );
    expect(closed).toBe(true);
  });
});
