import type { CallOptions } from '@veritrain/client-sdk';
import { parseInstanceId } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { couple } from '../../../test/support/sampleRound.js';
import { isReleased, type Release } from './vaultRelease.js';

const folder = testFolder('release');
const { coupleId, datasetId } = couple;
const digest = digestOf(Buffer.from('of this record'));
const another = digestOf(Buffer.from('of another record'));

/** What a majority of the organisations has: an ended couple on a withdrawn dataset, and who holds a subset's slots. */
function released(release: Release, holders: readonly (string | null)[] = []): Promise<boolean> {
  const told = (record: object) => (_: object, options: CallOptions) =>
    options.trust === 'endorsed' ? Promise.resolve(record) : Promise.reject(new Error('one peer was asked'));
  const slot = ({ instanceId }: { instanceId: string }): Promise<object> =>
    Promise.resolve({ participantId: holders[parseInstanceId(instanceId).slot] });
  const terms = { ...couple.terms, heKeyDigest: digest };
  const { member } = memberContext({
    folder: folder(),
    ledger: {
      couples: { get: told({ ...couple, state: 'finished', terms }) },
      datasets: { get: told({ state: 'withdrawn', templateDigest: digest, replicas: 3 }) },
      instances: { get: slot },
    },
  });
  return isReleased(member, release, {});
}

it('lets go what the record names that lets it go', async () => {
  expect(await released({ kind: 'couple', coupleId, heKeyDigest: digest })).toBe(true);
  expect(await released({ kind: 'dataset', datasetId, coupleIds: [coupleId], templateDigest: digest })).toBe(
    true,
  );
});

it('attack 58: keeps what a peer names in a record that is over, and that another record names', async () => {
  expect(await released({ kind: 'couple', coupleId, heKeyDigest: another })).toBe(false);
  expect(await released({ kind: 'dataset', datasetId, coupleIds: [], templateDigest: another })).toBe(false);
});

it('attack 58: lets a host’s package go by all slots of its subset, however few a peer says that there are', async () => {
  const release: Release = { kind: 'subset', datasetId, subsetIndex: 0, hostId: 'pt_host' };
  expect(await released(release, ['pt_a', 'pt_b', 'pt_c'])).toBe(true);
  expect(await released(release, ['pt_a', 'pt_b', 'pt_host'])).toBe(false);
  expect(await released(release, ['pt_a', 'pt_b', null])).toBe(false);
});
