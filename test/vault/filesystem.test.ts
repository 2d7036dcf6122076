import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesystemVault } from '@veritrain/client-sdk';
import { vaultConformance } from './support/vaultConformance.js';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'veritrain-vault-'));

vaultConformance('filesystemVault', async () => {
  const folder = await newFolder();
  return {
    vault: filesystemVault(folder),
    async flipByte(handle, at) {
      const path = join(folder, 'objects', handle.slice(0, 2), handle);
      const bytes = await readFile(path);
      bytes[at]! ^= 1;
      await writeFile(path, bytes);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('filesystemVault', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('leaves no half-written file, and shares its objects with other openings of the folder', async () => {
    const [one, other] = [filesystemVault(folder), filesystemVault(folder)];
    const bytes = randomBytes(100);
    const { handle, digest } = await one.put(bytes);
    await expect(one.put(bytes, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    expect(Buffer.from(await other.get(handle, { digest })).equals(bytes)).toBe(true);
  });
});
