import type { CallOptions, CommittedChange, RoundView, Settlement } from '@veritrain/client-sdk';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { couple, roundWith } from '../../../../test/support/sampleRound.js';
import { CloudOwnerController } from './cloudOwnerController.js';
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
      couples: { view: () => Promise.resolve({ couple, round: told, waiting: [] }) },
      rounds: {
        get: (_input: object, { trust }: CallOptions) =>
          trust === 'endorsed' ? Promise.resolve(certain) : Promise.reject(new Error('not endorsed')),
      },
    },
  });
  const updates = new UpdateStore(context);
  const [job] = jobsOf(couple, unsettled, 'pt_host0');
  if (job === undefined) throw new Error('the round does not name the host');
  updates.keep(job, Buffer.from('an update'));
  await new CloudOwnerController(context).reconcile(couple.coupleId, signal);
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

describe('what wakes a host', () => {
  const place = { summary: '', transactionId: 't', blockNumber: 1n };
  const [drawn] = unsettled.drawn;
  const at = { ...place, coupleId: couple.coupleId, attempt: unsettled.attempt };
  const { modelOwnerId, terms } = couple;
  const { deadlines } = unsettled;

  /** A host that looked at the couple once, and then heard that a round started. */
  async function host(): Promise<(change: CommittedChange) => boolean> {
    const view = () => Promise.resolve({ couple, round: settled, waiting: [] });
    const controllers = new CloudOwnerController(
      roleContext({ folder: folder(), participantId: 'pt_host0', ledger: { couples: { view } } }),
    );
    await controllers.reconcile(couple.coupleId, signal);
    const wakes = (change: CommittedChange): boolean => controllers.keyOf(change) === couple.coupleId;
    expect(wakes({ ...at, type: 'RoundStarted', modelOwnerId, drawn: [drawn!], deadlines: deadlines! })).toBe(
      true,
    );
    return wakes;
  }

  const committed = (slot: number): CommittedChange => ({
    ...at,
    type: 'UpdateCommitted',
    subsetIndex: drawn!.subsetIndex,
    instanceId: drawn!.slots[slot]!.instanceId,
    generation: 1,
    participantId: drawn!.slots[slot]!.participantId,
  });

  it('is every commitment from the quorum on: the one that agrees with its own may be the last', async () => {
    const wakes = await host();
    expect(terms.quorum).toBe(2);
    expect([0, 1, 2].map((slot) => wakes(committed(slot)))).toEqual([false, true, true]);
  });

  it('is nothing of other subsets, and no report', async () => {
    const wakes = await host();
    const { subsetIndex } = drawn!;
    expect(
      wakes({ ...at, type: 'SubsetSettled', subsetIndex: 9, outcome: 'void', digest: null, verdicts: [] }),
    ).toBe(false);
    expect(
      wakes({ ...at, type: 'SubsetSettled', subsetIndex, outcome: 'void', digest: null, verdicts: [] }),
    ).toBe(true);
    const { type: _type, ...slot } = committed(1) as Extract<CommittedChange, { type: 'UpdateCommitted' }>;
    expect(wakes({ ...slot, type: 'UpdateUnavailable' })).toBe(false);
  });
});
