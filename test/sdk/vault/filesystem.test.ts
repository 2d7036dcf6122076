import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, filesystemVault, newHandle, type Vault } from '@veritrain/client-sdk/vault';
import { codeOf } from './support/codeOf.js';
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

describe('attack 39: what others put into the folder in place of an object', () => {
  let folder: string;
  let vault: Vault;
  let handle: string;
  beforeEach(async () => {
    folder = await newFolder();
    vault = filesystemVault(folder);
    handle = newHandle();
    await mkdir(join(folder, 'objects', handle.slice(0, 2)), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const pathOf = (of: string): string => join(folder, 'objects', of.slice(0, 2), of);
  const others: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    pipe: (path) => Promise.resolve(execFileSync('mkfifo', [path])),
    'link to a device': (path) => symlink('/dev/zero', path),
    'link to a file': async (path) => {
      await writeFile(join(folder, 'elsewhere'), 'content');
      await symlink(join(folder, 'elsewhere'), path);
    },
    'link to nothing': (path) => symlink(join(folder, 'nowhere'), path),
    folder: async (path) => {
      await mkdir(path);
      await writeFile(join(path, 'file'), 'content');
    },
    socket: async (path) => {
      const server = createServer().listen({ path: join(folder, 's') });
      await once(server, 'listening');
      await rename(join(folder, 's'), path);
      server.unref();
    },
  };

  it.each(Object.keys(others))('a %s is no object, and an object can take its place', async (name) => {
    await others[name]!(pathOf(handle));
    // More of them than there are threads that open files.
    const reads = Array.from({ length: 8 }, () => codeOf(vault.get(handle)));
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['VT8223']));
    expect(await codeOf(vault.stream(handle)[Symbol.asyncIterator]().next())).toBe('VT8223');
    expect(await codeOf(vault.has(handle))).toBe('VT8223');
    expect(await codeOf(vault.put(randomBytes(9), { handle }))).toBe('VT8204');
    await vault.delete(handle);
    const { digest } = await vault.put(Buffer.from('mine'), { handle });
    expect(digestOf(await vault.get(handle))).toBe(digest);
  });

  it.each(['objects', 'incoming', 'prefix'])(
    'a link in place of the folder %s leads nowhere',
    async (name) => {
      await vault.put(Buffer.from('mine'), { handle });
      const linked = name === 'prefix' ? join(folder, 'objects', handle.slice(0, 2)) : join(folder, name);
      const outside = await newFolder();
      await rename(linked, join(outside, 'taken'));
      await symlink(join(outside, 'taken'), linked);
      expect(await codeOf(vault.put(Buffer.from('other'), { handle }))).toBe('VT8223');
      if (name !== 'incoming') {
        expect(await codeOf(vault.get(handle))).toBe('VT8223');
        expect(await codeOf(vault.has(handle))).toBe('VT8223');
        expect(await codeOf(vault.delete(handle))).toBe('VT8223');
      }
      await rm(outside, { recursive: true });
    },
  );

  it.each(['pipe', 'file'])('a %s in place of a folder is refused', async (name) => {
    await rm(join(folder, 'objects'), { recursive: true });
    if (name === 'pipe') await others.pipe!(join(folder, 'objects'));
    else await writeFile(join(folder, 'objects'), '');
    expect(await codeOf(vault.put(randomBytes(1), { handle }))).toBe('VT8223');
    expect(await codeOf(vault.get(handle))).toBe('VT8223');
    expect(await codeOf(vault.has(handle))).toBe('VT8223');
  });
});
