import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Participant } from '@veritrain/client-sdk';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { writeAtomically } from '../home/ownFiles.js';
import { memberContext } from '../testing/memberContext.js';
import { oneAtATime, storePackage } from './storePackage.js';

const folder = testFolder('stored');
const content = Buffer.alloc(300_000, 7);
const input = { datasetId: 'ds_sample', subsetIndex: 0, packageDigest: digestOf(content) };
const hostKeys = inMemoryKeyring('host');
const hostWith = (keys: typeof hostKeys): Participant =>
  ({ participantId: 'pt_host', encryptionKey: keys.encryptionKey }) as Participant;
const host = hostWith(hostKeys);

/** An owner that holds one package. */
function owner() {
  const { member } = memberContext({ folder: folder() });
  const home = member.home.dataset(input.datasetId);
  writeAtomically(home.packagePath(0), content);
  return { member, vault: member.market.vault, home };
}

it('stores a package that its host opens, and leaves it as it is when it is stored again', async () => {
  const { member, vault } = owner();
  const handle = await storePackage(member, host, input, {});
  const sealed = await vault.get(handle);
  expect(Buffer.from(await hostKeys.openObject(sealed)).equals(content)).toBe(true);
  expect(await storePackage(member, host, input, {})).toBe(handle);
  expect(await vault.get(handle)).toEqual(sealed);
});

it('seals it again where the vault lost it or holds something else, or the host has another key', async () => {
  const { member, vault, home } = owner();
  const handle = await storePackage(member, host, input, {});
  const opens = async (keys = hostKeys): Promise<void> => {
    expect(await storePackage(member, hostWith(keys), input, {})).toBe(handle);
    expect(Buffer.from(await keys.openObject(await vault.get(handle))).equals(content)).toBe(true);
  };
  await vault.delete(handle);
  await opens();
  await vault.delete(handle);
  await vault.put(Buffer.from('in the way'), { handle });
  await opens();
  await opens(inMemoryKeyring('renewed'));
  rmSync(home.storedPackagePath(0, host.participantId));
  await opens();
  writeFileSync(home.storedPackagePath(0, host.participantId), '{');
  await opens();
});

it('stores nothing of a package that was changed on the owner’s disk, or is not there', async () => {
  const { member, vault, home } = owner();
  const handle = member.market.keyring.handle('package', input.datasetId, '0', host.participantId);
  const changed = readFileSync(home.packagePath(0));
  changed[200_000]! ^= 1;
  writeFileSync(home.packagePath(0), changed);
  await expect(storePackage(member, host, input, {})).rejects.toThrow('VT9205');
  rmSync(home.packagePath(0));
  await expect(storePackage(member, host, input, {})).rejects.toThrow('VT9203');
  expect(await vault.has(handle)).toBe(false);
});

describe('one at a time', () => {
  it('does what has one key one after the other, in order, whatever fails, and what has another beside it', async () => {
    const log: string[] = [];
    let finish = (): void => undefined;
    const first = oneAtATime('a', async () => {
      log.push('first');
      await new Promise<void>((resolve) => (finish = resolve));
      throw new Error('first');
    });
    const second = oneAtATime('a', () => Promise.resolve(log.push('second')));
    const third = oneAtATime('a', () => Promise.resolve(log.push('third')));
    await oneAtATime('b', () => Promise.resolve(log.push('other')));
    expect(log).toEqual(['first', 'other']);
    finish();
    await expect(first).rejects.toThrow('first');
    await Promise.all([second, third]);
    expect(log).toEqual(['first', 'other', 'second', 'third']);
  });
});
