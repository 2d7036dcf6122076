import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemoryKeyring } from './keyring.js';
import { createKeyring, openKeyring } from './keyringFile.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('keyring file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'veritrain-keyring-'));
    path = join(folder, 'keyring.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('opens again with its passphrase only', async () => {
    const made = await createKeyring({ path, passphrase: 'correct horse' });
    const opened = await openKeyring({ path, passphrase: 'correct horse' });
    expect(opened.signingKey).toEqual(made.signingKey);
    expect(opened.lastDrawLink('dataOwner', 'tc_1', 9)).toBe(made.lastDrawLink('dataOwner', 'tc_1', 9));
    await expect(openKeyring({ path, passphrase: 'wrong' })).rejects.toThrow(coded('VT8302'));
    await expect(openKeyring({ path, keyFile: path })).rejects.toThrow(coded('VT8302'));
  });

  it('opens again with its key file, which is made for its owner alone', async () => {
    const keyFile = join(folder, 'keyring.key');
    const made = await createKeyring({ path, keyFile });
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await openKeyring({ path, keyFile })).encryptionKey).toEqual(made.encryptionKey);
    await chmod(keyFile, 0o644);
    await expect(openKeyring({ path, keyFile })).rejects.toThrow(coded('VT8304'));
    const other = join(folder, 'other.key');
    await writeFile(other, randomBytes(32).toString('base64url'), { mode: 0o600 });
    await expect(openKeyring({ path, keyFile: other })).rejects.toThrow(coded('VT8302'));
    await expect(openKeyring({ path, keyFile: join(folder, 'none') })).rejects.toThrow(coded('VT8002'));
  });

  it('is never overwritten, and says when it is missing or changed', async () => {
    const lock = { path, keyFile: join(folder, 'k') };
    await expect(openKeyring(lock)).rejects.toThrow(coded('VT8301'));
    await createKeyring(lock);
    await expect(createKeyring(lock)).rejects.toThrow(coded('VT8303'));
    const text = await readFile(path, 'utf8');
    for (const changed of [
      '',
      'rubbish',
      '{}',
      text.replace(/.{4}"\}/, 'AAAA"}'),
      text.replace('eyJ', 'eyK'),
    ]) {
      await writeFile(path, changed);
      await expect(openKeyring(lock)).rejects.toThrow(coded('VT8302'));
    }
  });

  it('is made once, however many make it at once, and its key file too', async () => {
    const keyFile = join(folder, 'keyring.key');
    const made = await Promise.allSettled(Array.from({ length: 16 }, () => createKeyring({ path, keyFile })));
    const [first, ...others] = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(others).toEqual([]);
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toEqual(coded('VT8303'));
    expect((await openKeyring({ path, keyFile })).signingKey).toEqual(first!.signingKey);
    expect((await readdir(folder)).sort()).toEqual(['keyring.json', 'keyring.key']);
  });

  it('derives everything from a seed when it is made with one', async () => {
    const made = await createKeyring({ path, keyFile: join(folder, 'k') }, 'seed 7');
    expect(made.signingKey).toEqual(inMemoryKeyring('seed 7').signingKey);
    expect(await readFile(path, 'utf8')).not.toContain('seed 7');
  });
});
