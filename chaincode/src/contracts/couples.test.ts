import { beforeEach, describe, expect, it } from 'vitest';
import { drawAnchor } from '../domain/index.js';
import { hashOf } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
const finish = { coupleId, finalModelDigest: hashOf('final'), metrics: [{ name: 'mse', value: '1.5' }] };
let market: TestMarket;

describe('RequestTraining', () => {
  beforeEach(async () => {
    market = await TestMarket.ready({ subsets: 4 });
  });
  const refusal = (over: object) =>
    market.refusal('modeller', 'RequestTraining', { ...market.requestInput(), ...over });

  it('opens a couple with its terms; a retry finds it', async () => {
    const couple = await market.request();
    expect(couple).toMatchObject({
      state: 'requested',
      terms: { subsetsPerRound: 2, quorum: 2, replicas: 3 },
    });
    expect(await market.request()).toEqual(couple);
    expect(await refusal({ rounds: 9 })).toBe('CONFLICT');
    expect(await refusal({ subsetsPerRound: 3 })).toBe('CONFLICT');
  });

  it('attack 23: a homomorphic key is used by one couple only', async () => {
    await market.request();
    const reused = { coupleId: 'tc_other', heKeyDigest: hashOf('he key of tc_test') };
    expect(await refusal(reused)).toBe('HE_KEY_USED');
    expect(await refusal({ coupleId: 'tc_other', heKeyDigest: null })).toBe('HE_KEY_REQUIRED');
  });

  it('keeps to the dataset’s rules', async () => {
    expect(await refusal({ rounds: 101 })).toBe('BEYOND_RULES');
    expect(await refusal({ subsetsPerRound: 5 })).toBe('BEYOND_RULES');
    expect(await refusal({ idleMs: 9_999 })).toBe('DEADLINE_TOO_SHORT');
    await market.offer({
      datasetId: 'ds_strict',
      requestRules: { mostRounds: 1, mostSubsetsPerRound: 1, mostIdleMs: 10_000, protections: ['plain'] },
    });
    expect(await refusal({ datasetId: 'ds_strict' })).toBe('NOT_READY');
  });

  it('attack 43: holds lifetime rounds no longer than the dataset’s rules allow', async () => {
    const tenYears = 315_576_000_000;
    for (const idleMs of [60_001, tenYears]) expect(await refusal({ idleMs })).toBe('BEYOND_RULES');
    await market.submit('modeller', 'RequestTraining', { ...market.requestInput(), idleMs: 60_000 });
    expect((await market.query('GetCouple', { coupleId: 'tc_test' })).terms.idleMs).toBe(60_000);
  });

  it('needs the model’s owner, and things that exist', async () => {
    expect(await market.refusal('owner', 'RequestTraining', market.requestInput())).toBe('MISSING_ROLE');
    await market.member('other');
    await market.register('other', 'modelOwner');
    expect(await market.refusal('other', 'RequestTraining', market.requestInput())).toBe('NOT_OWNER');
    expect(await refusal({ datasetId: 'ds_none' })).toBe('NOT_FOUND');
    expect(await refusal({ modelId: 'md_none' })).toBe('NOT_FOUND');
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    expect(await refusal({})).toBe('DATASET_WITHDRAWN');
  });

  it('a plain model needs no homomorphic key', async () => {
    const digests = { programDigest: hashOf('p'), architectureDigest: hashOf('a') };
    const plain = { modelId: 'md_plain', ...digests, protection: 'plain' as const };
    await market.submit('modeller', 'RegisterModel', plain);
    await market.submit('modeller', 'RegisterModel', plain);
    expect(await market.refusal('modeller', 'RegisterModel', { ...plain, protection: 'encrypted' })).toBe(
      'CONFLICT',
    );
    expect(await refusal({ modelId: 'md_plain' })).toBe('HE_KEY_REQUIRED');
    const request = { ...market.requestInput(), modelId: 'md_plain', heKeyDigest: null };
    expect((await market.submit('modeller', 'RequestTraining', request)).terms.protection).toBe('plain');
    expect((await market.query('ListModels', { ownerId: market.id('modeller') })).items).toHaveLength(2);
    expect((await market.query('ListModels', {})).items).toHaveLength(2);
    expect((await market.query('GetModel', { modelId: 'md_plain' })).protection).toBe('plain');
  });
});

describe('answers', () => {
  beforeEach(async () => {
    market = await TestMarket.ready({ lifetimeRounds: 15 });
    await market.request();
  });

  it('are the dataset owner’s own', async () => {
    await market.member('second');
    await market.register('second', 'dataOwner');
    const anchor = hashOf('anchor');
    expect(await market.refusal('second', 'ApproveTraining', { coupleId, anchor })).toBe('NOT_OWNER');
    expect(await market.refusal('modeller', 'ApproveTraining', { coupleId, anchor })).toBe('NOT_OWNER');
    expect(await market.refusal('second', 'RejectTraining', { coupleId, reason: 'other' })).toBe('NOT_OWNER');
    expect(await market.refusal('owner', 'ApproveTraining', { coupleId: 'tc_none', anchor })).toBe(
      'NOT_FOUND',
    );
  });

  it('attack 14: an anchor is used by one couple only', async () => {
    await market.approve();
    await market.request({ coupleId: 'tc_two', rounds: 1 });
    const { dataOwnerChain } = await market.query('GetCouple', { coupleId });
    const reused = { coupleId: 'tc_two', anchor: dataOwnerChain?.anchor ?? '' };
    expect(await market.refusal('owner', 'ApproveTraining', reused)).toBe('ANCHOR_USED');
    const other = drawAnchor({ ...market.place, coupleId, side: 'dataOwner' }, hashOf('other'), 3);
    expect(await market.refusal('owner', 'ApproveTraining', { coupleId, anchor: other })).toBe('CONFLICT');
  });

  it('attack 10: lifetime rounds are the dataset’s, over all couples and pseudonyms', async () => {
    await market.approve();
    await market.member('pseudonym');
    await market.register('pseudonym', 'modelOwner');
    const digests = { programDigest: hashOf('p'), architectureDigest: hashOf('a') };
    const model = { modelId: 'md_again', ...digests, protection: 'encrypted' as const };
    await market.submit('pseudonym', 'RegisterModel', model);
    const again = { ...market.requestInput({ coupleId: 'tc_two', rounds: 6 }), modelId: 'md_again' };
    await market.submit('pseudonym', 'RequestTraining', again);
    const anchor = hashOf('anchor two');
    const refused = await market.refusal('owner', 'ApproveTraining', { coupleId: 'tc_two', anchor });
    expect(refused).toBe('LIFETIME_EXHAUSTED');
    expect((await market.query('GetDataset', { datasetId: 'ds_test' })).reservedRounds).toBe(10);
  });

  it('come in time, and not after a withdrawal', async () => {
    const anchor = hashOf('anchor');
    await market.request({ coupleId: 'tc_two', rounds: 1 });
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    expect(await market.refusal('owner', 'ApproveTraining', { coupleId, anchor })).toBe('DATASET_WITHDRAWN');
    await market.submit('owner', 'RejectTraining', { coupleId, reason: 'capacity' });
    await market.submit('owner', 'RejectTraining', { coupleId, reason: 'capacity' });
    expect(await market.refusal('owner', 'RejectTraining', { coupleId, reason: 'terms' })).toBe('CONFLICT');
    expect(await market.refusal('owner', 'ApproveTraining', { coupleId, anchor })).toBe('WRONG_STATE');
    expect(await market.refusal('modeller', 'OpenRound', roundInput(1))).toBe('NOT_APPROVED');
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('WRONG_STATE');
    expect(await market.refusal('owner', 'ReleaseRounds', { coupleId })).toBe('NOTHING_RESERVED');
  });

  it('nothing waits for ever: anyone cancels a request that was not answered in time', async () => {
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('DEADLINE_NOT_PASSED');
    const [waits] = (await market.query('GetCoupleView', { coupleId })).waiting;
    expect(waits).toMatchObject({ whom: [market.id('owner')], thenAnyone: 'CancelTraining' });
    await market.pass(10_300);
    const anchor = hashOf('anchor');
    expect(await market.refusal('owner', 'ApproveTraining', { coupleId, anchor })).toBe('DEADLINE_PASSED');
    await market.submit('admin', 'CancelTraining', { coupleId });
    expect(await market.submit('admin', 'CancelTraining', { coupleId })).toMatchObject({
      state: 'cancelled',
    });
    expect((await market.query('GetCoupleView', { coupleId })).waiting).toEqual([]);
  });
});

const roundInput = (attempt: number) => ({
  coupleId,
  attempt,
  modelDigest: hashOf('m'),
  modelHandle: 'handle-handle-handle',
  link: hashOf('l'),
});

describe('the end', () => {
  beforeEach(async () => {
    market = await TestMarket.approved({ subsets: 2, rounds: 3, spareAttempts: 2, subsetsPerRound: 1 });
  });

  it('attack 11: no couple ends while a round is unsettled', async () => {
    await market.openRound(1);
    expect(await market.refusal('modeller', 'FinishTraining', finish)).toBe('ROUND_UNSETTLED');
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('ROUND_UNSETTLED');
    await market.startRound(1);
    const [index] = await market.commitAll(1);
    await market.pass(60_000);
    expect(await market.refusal('modeller', 'FinishTraining', finish)).toBe('ROUND_UNSETTLED');
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('ROUND_UNSETTLED');
    await market.submit('admin', 'TallyRound', { coupleId, attempt: 1, subsetIndexes: [index ?? 0] });
    await market.submit('modeller', 'FinishTraining', finish);
  });

  it('is the model owner’s, once, with one result', async () => {
    await market.playRound(1);
    expect(await market.refusal('owner', 'FinishTraining', finish)).toBe('NOT_OWNER');
    await market.submit('modeller', 'FinishTraining', finish);
    await market.submit('modeller', 'FinishTraining', finish);
    expect(await market.refusal('modeller', 'FinishTraining', { ...finish, metrics: [] })).toBe('CONFLICT');
    expect(await market.refusal('modeller', 'OpenRound', roundInput(2))).toBe('NOT_APPROVED');
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('WRONG_STATE');
  });

  it('attack 33: an idle couple is cancelled by anyone, and its unused rounds go back', async () => {
    await market.playRound(1);
    expect(await market.refusal('admin', 'CancelTraining', { coupleId })).toBe('DEADLINE_NOT_PASSED');
    const [waits] = (await market.query('GetCoupleView', { coupleId })).waiting;
    expect(waits).toMatchObject({ whom: [market.id('modeller')], thenAnyone: 'CancelTraining' });
    expect(await market.refusal('owner', 'ReleaseRounds', { coupleId })).toBe('WRONG_STATE');
    await market.pass(10_300);
    await market.submit('admin', 'CancelTraining', { coupleId });
    expect(await market.refusal('modeller', 'ReleaseRounds', { coupleId })).toBe('NOT_OWNER');
    expect(await market.submit('owner', 'ReleaseRounds', { coupleId })).toMatchObject({ releasedRounds: 2 });
    await market.submit('owner', 'ReleaseRounds', { coupleId });
    expect((await market.query('GetDataset', { datasetId: 'ds_test' })).reservedRounds).toBe(1);
    const trained = await market.query('ListTrainedModels', { datasetId: 'ds_test' });
    expect(trained.items).toMatchObject([{ modelId: 'md_test', coupleId }]);
  });

  it('attack 48: a started round is used, though no subset had a quorum: it is not given back', async () => {
    const round = await market.start(1);
    const subset = round.drawn[0]!;
    for (const { instanceId, slot } of subset.slots) {
      await market.submit(`host${slot}`, 'ReportUnavailable', { coupleId, attempt: 1, instanceId });
    }
    await market.close(1, subset.subsetIndex, 'undelivered');
    await market.playRound(2);
    const ended = await market.submit('modeller', 'FinishTraining', finish);
    expect(ended).toMatchObject({ startedRounds: 2 });
    expect(await market.submit('owner', 'ReleaseRounds', { coupleId })).toMatchObject({ releasedRounds: 1 });
  });

  it('approved couples run on after a withdrawal', async () => {
    await market.submit('owner', 'WithdrawDataset', { datasetId: 'ds_test' });
    await market.playRound(1);
    await market.submit('modeller', 'FinishTraining', finish);
  });
});

describe('lists and history', () => {
  it('tell a couple’s steps in order, page by page', async () => {
    market = await TestMarket.approved({ rounds: 2, spareAttempts: 1, subsetsPerRound: 1 });
    await market.openRound(1);
    await market.pass(10_300);
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 1 });
    await market.playRound(2);
    await market.submit('modeller', 'FinishTraining', finish);
    await market.submit('owner', 'ReleaseRounds', { coupleId });
    const steps = await market.query('GetCoupleHistory', { coupleId });
    expect(steps.items.map((step) => step.transaction)).toEqual([
      'RequestTraining',
      'ApproveTraining',
      'OpenRound',
      'ExpireRound',
      'OpenRound',
      'StartRound',
      ...Array<string>(3).fill('SubmitUpdate'),
      'CloseRound',
      'FinishTraining',
      'ReleaseRounds',
    ]);
    const first = await market.query('GetCoupleHistory', { coupleId, pageSize: 1 });
    const second = await market.query('GetCoupleHistory', {
      coupleId,
      pageSize: 1,
      bookmark: first.bookmark,
    });
    expect([...first.items, ...second.items]).toEqual(steps.items);
    expect(second.bookmark).toBe('');
    expect(await market.refusal('owner', 'GetCoupleHistory', { coupleId, bookmark: 'x' })).toBe(
      'INVALID_INPUT',
    );
  });

  it('find couples by party, dataset, model and state', async () => {
    market = await TestMarket.approved({ rounds: 2 });
    await market.request({ coupleId: 'tc_two', rounds: 2 });
    const ids = async (input: Parameters<typeof market.query<'ListCouples'>>[1]) =>
      (await market.query('ListCouples', input)).items.map((each) => each.coupleId);
    expect(await ids({ participantId: market.id('owner') })).toEqual(['tc_test', 'tc_two']);
    expect(await ids({ participantId: market.id('modeller'), state: 'requested' })).toEqual(['tc_two']);
    expect(await ids({ participantId: market.id('host0') })).toEqual([]);
    expect(await ids({ datasetId: 'ds_test', modelId: 'md_test' })).toEqual(['tc_test', 'tc_two']);
    expect(await ids({ datasetId: 'ds_test' })).toEqual(['tc_test', 'tc_two']);
    expect(await ids({ state: 'approved' })).toEqual(['tc_test']);
    expect(await ids({})).toEqual(['tc_test', 'tc_two']);
  });
});
