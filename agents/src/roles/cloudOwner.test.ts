import { inMemoryKeyring, type CallOptions, type RoundView, type Settlement } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../testing/folder.js';
import { roleContext } from '../testing/roleContext.js';
import { couple, roundWith } from '../testing/sampleRound.js';
import { CloudOwnerDuties } from './cloudOwner.js';
import { jobsOf, UpdateStore } from './hostUpdate.js';

const folder = testFolder('cloud-owner');
const { signal } = new AbortController();
const unsettled = roundWith([]);
const settled: RoundView = {
  ...unsettled,
  settlements: [{ subsetIndex: 0, state: 'settled' } as Settlement],
};

/** A host that keeps an update, told one thing by its peer and another by a majority of the organisations. */
async function keptAfterLook(told: RoundView, certain: RoundView): Promise<boolean> {
  const context = roleContext({
    folder: folder(),
    keyring: inMemoryKeyring('pt_host0'),
    participantId: 'pt_host0',
    ledger: {
      couples: { get: () => Promise.resolve(couple), waitingFor: () => Promise.resolve([]) },
      rounds: {
        get: (_input: object, { trust }: CallOptions) =>
          Promise.resolve(trust === 'endorsed' ? certain : told),
      },
    },
  });
  const updates = new UpdateStore(context);
  const [job] = jobsOf(couple, unsettled, 'pt_host0');
  if (job === undefined) throw new Error('the round does not name the host');
  updates.keep(job, Buffer.from('an update'));
  await new CloudOwnerDuties(context).reconcile(couple.coupleId, signal);
  return updates.has(job);
}

describe('the update that a host keeps', () => {
  it('is let go once its subset is settled', async () => {
    expect(await keptAfterLook(settled, settled)).toBe(false);
  });

  it('attack 58: stays where one peer alone says that its subset is settled', async () => {
    expect(await keptAfterLook(settled, unsettled)).toBe(true);
  });
});
