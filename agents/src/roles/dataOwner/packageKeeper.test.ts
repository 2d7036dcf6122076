import { rmSync } from 'node:fs';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { expect, it } from 'vitest';
import { storePackage } from '@veritrain/member/vault';
import { writeAtomically } from '@veritrain/member/home';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { PackageKeeper } from './packageKeeper.js';

const folder = testFolder('packages');
const { signal } = new AbortController();
const content = Buffer.alloc(300_000, 7);
const datasetId = 'ds_sample';
const host = inMemoryKeyring('host');
const hourMs = 3_600_000;

/** An owner that stored a package for a host of a dataset with one slot, which these participants hold. */
async function owner(holders: readonly string[] = []) {
  const dataset = { datasetId, subsets: 1, replicas: 1, state: 'offered' };
  const slots = holders.map((participantId) => ({ subsetIndex: 0, participantId }));
  const ledger = {
    datasets: { get: () => Promise.resolve(dataset) },
    instances: { list: () => Promise.resolve({ items: slots, bookmark: '' }) },
    // A peer that gives the host another key, or none: nobody is asked for it.
    participants: { list: () => Promise.resolve({ items: [], bookmark: '' }) },
  };
  const context = roleContext({ folder: folder(), ledger });
  const { member } = context;
  writeAtomically(member.home.dataset(datasetId).packagePath(0), content);
  const handle = await storePackage(
    member,
    { participantId: 'pt_host', encryptionKey: host.encryptionKey },
    { datasetId, subsetIndex: 0, packageDigest: digestOf(content) },
    {},
  );
  const { vault } = member.market;
  const clock = { now: 0 };
  const keeper = new PackageKeeper(context, () => clock.now);
  const look = async (): Promise<void> => {
    clock.now += hourMs;
    await keeper.ensure(datasetId, signal);
  };
  const opens = async (): Promise<boolean> =>
    Buffer.from(await host.openObject(await vault.get(handle))).equals(content);
  return { context, dataset, vault, handle, look, opens };
}

it('attack 58: a package that the vault lost, or that was changed there, is put again for the host that it was for', async () => {
  const { vault, handle, look, opens, context } = await owner();
  await look();
  expect(context.takeSteps()).toEqual([]);
  await vault.delete(handle);
  await look();
  expect(await opens()).toBe(true);
  await vault.delete(handle);
  await vault.put(Buffer.from('in the way'), { handle });
  await look();
  expect(await opens()).toBe(true);
});

it('is left to go once the dataset is withdrawn, or another host has the last slot', async () => {
  const withdrawn = await owner();
  withdrawn.dataset.state = 'withdrawn';
  const full = await owner(['pt_other']);
  for (const { vault, handle, look } of [withdrawn, full]) {
    await vault.delete(handle);
    await look();
    expect(await vault.has(handle)).toBe(false);
  }
});

it('says so where the owner has lost it too, and goes on', async () => {
  const { vault, handle, look, context } = await owner(['pt_host']);
  await vault.delete(handle);
  rmSync(context.member.home.dataset(datasetId).packagePath(0));
  await look();
  expect(context.lines).toContainEqual(expect.objectContaining({ code: 'VT9203', participantId: 'pt_host' }));
});
