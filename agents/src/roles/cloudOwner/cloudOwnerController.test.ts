import type { CallOptions, CommittedChange, RoundView, Settlement } from '@veritrain/client-sdk';
import { inMemoryKeyring } from '@veritrain/client-sdk/keys';
import { describe, expect, it, vi } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { roleContext } from '../../testing/roleContext.js';
import { couple, roundWith } from '../../../../test/support/sampleRound.js';
import { CloudOwnerController } from './cloudOwnerController.js';
import { jobsOf, UpdateStore } from './hostUpdate.js';
import type { HostWork } from './hostWork.js';

const folder = testFolder('cloud-owner');
const { signal } = new AbortController();
const unsettled = roundWith([]);
const settled: RoundView = {
  ...unsettled,
  settlements: [{ subsetIndex: 0, state: 'settled' } as Settlement],
};

const wokenBy = (controller: CloudOwnerController, change: CommittedChange): string | undefined => {
  const woken = controller.keyOf(change);
  return typeof woken === 'object' ? woken.subject : woken;
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
  return updates.keptOf(couple.coupleId).length > 0;
}

describe('the update that a host keeps', () => {
  it('is let go once its subset is settled', async () => {
    expect(await keptAfterLook(settled, settled)).toBe(false);
  });

  it('is let go once a later attempt is open, which opens only when all subsets are settled', async () => {
    const later = { ...unsettled, attempt: unsettled.attempt + 1, drawn: [] };
    expect(await keptAfterLook(later, later)).toBe(false);
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
    const wakes = (change: CommittedChange): boolean => wokenBy(controllers, change) === couple.coupleId;
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

  it('is a commitment no more by the time that it has uploaded, in the subset that was committed to', () => {
    const uploaded = new Set<number>();
    const work = {
      ...{ prepare: vi.fn(), warmUp: vi.fn(), endRounds: vi.fn(), forget: vi.fn() },
      hasUploaded: ({ subsetIndex }: { subsetIndex: number }) => uploaded.has(subsetIndex),
    };
    const context = roleContext({ folder: folder(), participantId: 'pt_host0' });
    const controller = new CloudOwnerController(context, () => work as unknown as HostWork);
    const subsets = [drawn!, { ...drawn!, subsetIndex: 9 }];
    controller.keyOf({ ...at, type: 'RoundStarted', modelOwnerId, drawn: subsets, deadlines: deadlines! });
    const wakes = subsets.map(({ subsetIndex }) =>
      controller.keyOf({ ...committed(1), subsetIndex } as CommittedChange),
    );
    const areMoot = (): unknown[] =>
      wakes.map((wake) => (typeof wake === 'object' ? wake.isMoot?.() : undefined));
    expect(areMoot()).toEqual([false, false]);
    uploaded.add(9);
    expect(areMoot()).toEqual([false, true]);
    expect(controller.keyOf({ ...committed(2), subsetIndex: 9 } as CommittedChange)).toBeUndefined();
  });

  const contested = (subsetIndex: number): CommittedChange => ({
    ...at,
    type: 'SubsetContested',
    subsetIndex,
    claim: 'undelivered',
  });

  it('is every commitment from the quorum on: the one that agrees with its own may be the last', async () => {
    const wakes = await host();
    expect(terms.quorum).toBe(2);
    expect([0, 1, 2].map((slot) => wakes(committed(slot)))).toEqual([false, true, true]);
  });

  it('is a dispute about its own subset, the end, and the start of a round without it, once', async () => {
    const wakes = await host();
    const { subsetIndex } = drawn!;
    expect([subsetIndex, 9].map((index) => wakes(contested(index)))).toEqual([true, false]);
    const end = { ...place, coupleId: couple.coupleId, finalModelDigest: 'd', metrics: [] };
    expect(wakes({ ...end, type: 'TrainingFinished' } as unknown as CommittedChange)).toBe(true);
    const later = { ...at, attempt: at.attempt + 1, type: 'RoundStarted' as const, modelOwnerId };
    const other = { ...later, drawn: [], deadlines: deadlines! };
    expect([wakes(other), wakes(other)]).toEqual([true, false]);
  });

  it('is the approval of a couple on the data of a slot that it holds, before any round', () => {
    const work = { prepare: vi.fn(), warmUp: vi.fn(), endRounds: vi.fn(), forget: vi.fn() };
    const context = roleContext({ folder: folder(), participantId: 'pt_host0' });
    const controller = new CloudOwnerController(context, () => work as unknown as HostWork);
    const of = { ...place, coupleId: 'tc_new', modelOwnerId, dataOwnerId: 'pt_owner' };
    const tell = (change: object): unknown => controller.keyOf({ ...of, ...change } as CommittedChange);
    const request = { type: 'TrainingRequested', datasetId: 'ds_own', modelId: 'ml_1' };
    const approval = { type: 'TrainingApproved' };
    expect([tell(request), tell(approval)], 'of data that it does not hold').toEqual([undefined, undefined]);
    const slot = { type: 'InstanceVerified', datasetId: 'ds_own', instanceId: 'ci_1', generation: 1 };
    tell({ ...slot, datasetId: 'ds_other', participantId: 'pt_host1' });
    expect(work.warmUp).not.toHaveBeenCalled();
    tell({ ...slot, participantId: 'pt_host0' });
    expect(work.warmUp).toHaveBeenCalledOnce();
    expect([tell(request), tell(approval), tell(approval)]).toEqual([undefined, 'tc_new', undefined]);
    expect([tell(request), tell({ type: 'TrainingRejected' }), tell(approval)]).toEqual(
      Array.from({ length: 3 }, () => undefined),
    );
  });

  it('stops what a change makes useless: an expired round, earlier ones, an ended couple', () => {
    const endRounds = vi.fn<HostWork['endRounds']>();
    const work = { prepare: vi.fn(), warmUp: vi.fn(), endRounds, forget: vi.fn() };
    const context = roleContext({ folder: folder(), participantId: 'pt_host0' });
    const controller = new CloudOwnerController(context, () => work as unknown as HostWork);
    const of = { ...place, coupleId: 'tc_new', attempt: 4, modelOwnerId, drawn: [], deadlines };
    const stops = (): number[] => [3, 4, 5].filter(endRounds.mock.lastCall![1]);
    controller.keyOf({ ...of, type: 'RoundStarted' } as unknown as CommittedChange);
    expect(stops()).toEqual([3]);
    controller.keyOf({ ...of, type: 'RoundExpired' } as unknown as CommittedChange);
    expect(stops()).toEqual([3, 4]);
    expect(work.forget).not.toHaveBeenCalled();
    controller.keyOf({ ...of, type: 'TrainingCancelled' } as unknown as CommittedChange);
    expect(work.forget).toHaveBeenCalledExactlyOnceWith('tc_new');
  });

  it('is nothing of other subsets, no report, and no subset that is settled', async () => {
    const wakes = await host();
    const { subsetIndex } = drawn!;
    expect(
      wakes({ ...at, type: 'SubsetSettled', subsetIndex, outcome: 'void', digest: null, verdicts: [] }),
    ).toBe(false);
    const { type: _type, ...slot } = committed(1) as Extract<CommittedChange, { type: 'UpdateCommitted' }>;
    expect(wakes({ ...slot, type: 'UpdateUnavailable' })).toBe(false);
  });
});
