import { beforeEach, describe, expect, it } from 'vitest';
import { instanceIdOf } from '../domain/index.js';
import { TestMarket } from '../testing/market.js';

let market: TestMarket;
beforeEach(async () => {
  market = await TestMarket.open({ subsets: 2, replicas: 3 });
  await market.offer();
});

const slot = (index: number, at: number) => instanceIdOf('ds_test', index, at);
const verify = (subsetIndex: number, packageDigest: string) => ({
  datasetId: 'ds_test',
  packages: [{ subsetIndex, packageDigest }],
});
const subset = (subsetIndex: number) => market.query('GetSubset', { datasetId: 'ds_test', subsetIndex });

describe('slots that are not verified', () => {
  it('attack 18: are freed by anyone after the deadline, under the next generation', async () => {
    const old = market.joinInput('host0', 0, 0);
    await market.join('host0', 0, 0);
    const at = { instanceId: slot(0, 0), generation: 1 };
    expect(await market.refusal('admin', 'ExpireJoin', at)).toBe('DEADLINE_NOT_PASSED');
    await market.pass(10_300);
    expect(await market.submit('admin', 'ExpireJoin', at)).toMatchObject({ state: 'open', generation: 2 });
    expect(await market.submit('admin', 'ExpireJoin', at)).toMatchObject({ state: 'open', generation: 2 });
    expect(await market.refusal('host0', 'JoinInstance', old)).toBe('WRONG_GENERATION');
    await market.join('host0', 0, 0, undefined, 2);
    expect(await market.refusal('admin', 'ExpireJoin', { ...at, generation: 2 })).toBe('DEADLINE_NOT_PASSED');
    expect(await market.refusal('admin', 'ExpireJoin', { ...at, generation: 3 })).toBe('WRONG_GENERATION');
  });

  it('can only be freed once they are late', async () => {
    await market.join('host0', 0, 0);
    await market.join('host1', 0, 1);
    await market.pass(10_300);
    const late = verify(0, market.packageDigest(0));
    expect(await market.refusal('owner', 'VerifyInstances', late)).toBe('NO_QUORUM_FOR_DIGEST');
    expect(await market.refusal('admin', 'ExpireJoin', { instanceId: slot(0, 2), generation: 1 })).toBe(
      'WRONG_STATE',
    );
  });

  it('say whom they wait for', async () => {
    await market.join('host0', 0, 0);
    const { items } = await market.query('WaitingForJoins', { datasetId: 'ds_test' });
    expect(items).toMatchObject([
      { whom: [market.id('owner')], transactions: ['VerifyInstances'], thenAnyone: 'ExpireJoin' },
    ]);
    expect(items[0]?.until?.dueAt).toBeNull();
    await market.tick();
    await market.tick();
    const later = await market.query('WaitingForJoins', { datasetId: 'ds_test' });
    expect(later.items[0]?.until?.dueAt).toBe(market.ledger.now + 10_000);
  });
});

describe('LeaveInstance', () => {
  const at = { instanceId: slot(0, 0), generation: 1 };

  beforeEach(async () => {
    for (const index of [0, 1]) {
      for (const each of [0, 1]) await market.join(`host${each}`, index, each);
    }
    await market.verifyAll();
  });

  it('attack 18: lets a host go after its notice, and closes requests at once', async () => {
    expect(await market.submit('host0', 'LeaveInstance', at)).toMatchObject({ state: 'leaving' });
    expect((await market.query('GetDataset', { datasetId: 'ds_test' })).readySubsets).toEqual([1]);
    expect((await subset(0)).verified).toHaveLength(2);
    await market.submit('host0', 'LeaveInstance', at);
    expect(await market.refusal('admin', 'LeaveInstance', at)).toBe('DEADLINE_NOT_PASSED');
    await market.pass(10_300);
    expect(await market.submit('admin', 'LeaveInstance', at)).toMatchObject({ state: 'left' });
    expect((await subset(0)).verified.map((each) => each.slot)).toEqual([1]);
    await market.submit('admin', 'LeaveInstance', at);
    const mine = await market.query('ListInstances', { participantId: market.id('host0') });
    expect(mine.items.map((each) => each.instanceId)).toEqual([slot(1, 0)]);
  });

  it('is the host’s own', async () => {
    expect(await market.refusal('host1', 'LeaveInstance', at)).toBe('NOT_HOLDER');
    expect(await market.refusal('admin', 'LeaveInstance', at)).toBe('NOT_REGISTERED');
    expect(await market.refusal('host0', 'LeaveInstance', { ...at, generation: 2 })).toBe('WRONG_GENERATION');
    const open = { instanceId: slot(0, 2), generation: 1 };
    expect(await market.refusal('host2', 'LeaveInstance', open)).toBe('WRONG_STATE');
  });

  it('needs no notice of a slot that is not verified', async () => {
    await market.join('host2', 0, 2);
    const joined = { instanceId: slot(0, 2), generation: 1 };
    expect(await market.submit('host2', 'LeaveInstance', joined)).toMatchObject({ state: 'left' });
  });
});

describe('lists', () => {
  it('find slots by dataset, host and state, and datasets by owner and state', async () => {
    await market.join('host0', 0, 0);
    await market.join('host0', 1, 0);
    await market.join('host1', 0, 1);
    const ids = async (input: Parameters<typeof market.query<'ListInstances'>>[1]) =>
      (await market.query('ListInstances', input)).items.map((each) => each.instanceId);
    expect(await ids({ datasetId: 'ds_test' })).toEqual([slot(0, 0), slot(0, 1), slot(1, 0)]);
    expect(await ids({ participantId: market.id('host0') })).toEqual([slot(0, 0), slot(1, 0)]);
    expect(await ids({ participantId: market.id('host0'), datasetId: 'ds_other' })).toEqual([]);
    expect(await ids({ state: 'verified' })).toEqual([]);
    const datasets = async (input: Parameters<typeof market.query<'ListDatasets'>>[1]) =>
      (await market.query('ListDatasets', input)).items.map((each) => each.datasetId);
    expect(await datasets({ ownerId: market.id('owner') })).toEqual(['ds_test']);
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    expect(await datasets({ state: 'offered' })).toEqual([]);
    expect(await datasets({ state: 'withdrawn', ownerId: market.id('owner') })).toEqual(['ds_test']);
    expect(await datasets({})).toEqual(['ds_test']);
    expect(await market.refusal('host0', 'WithdrawDataset', { datasetId: 'ds_test' })).toBe('NOT_OWNER');
  });
});
