import { beforeEach, describe, expect, it } from 'vitest';
import { batchesOf, checkDraws, instanceIdOf, type OutputOf } from '../domain/index.js';
import { hashOf } from '../testing/fixtures.js';
import { brokenInvariants } from '../testing/invariants.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
const sums = { aggregation: 'sum', replicas: 3 } as const;
let market: TestMarket;

const slotId = (subset: number, slot: number) => instanceIdOf('ds_test', subset, slot);
const commit = (subset: number, slot: number, digest?: string) =>
  market.commitUpdate(1, slotId(subset, slot), digest);
const report = (subset: number, slot: number) =>
  market.submit(`host${slot}`, 'ReportUnavailable', {
    coupleId,
    attempt: 1,
    instanceId: slotId(subset, slot),
  });
const round = (attempt = 1): Promise<OutputOf<'GetRound'>> => market.query('GetRound', { coupleId, attempt });
const closing = (subsetIndex: number, claim = market.updateDigest(1, subsetIndex)) => ({
  coupleId,
  attempt: 1,
  results: [{ subsetIndex, claim }],
});
const outcomes = async () => (await round()).settlements.map(({ outcome }) => outcome);
const rows = async (name: string) =>
  (await market.query('ListConduct', { participantId: market.id(name) })).items.map((row) => row.kind);

describe('a round of sums', () => {
  beforeEach(async () => {
    market = await TestMarket.approved({
      ...sums,
      subsets: 7,
      rounds: 4,
      spareAttempts: 1,
      subsetsPerRound: 1,
    });
  });

  it('attack 3: draws whole batches, and everyone draws them again', async () => {
    for (const attempt of [1, 2]) await market.playRound(attempt);
    const { items: rounds } = await market.query('ListRounds', { coupleId });
    const drawn = rounds.map((each) => each.drawn.map(({ subsetIndex }) => subsetIndex));
    expect(drawn.map(String).sort()).toEqual(batchesOf(7).map(String).sort());
    const couple = await market.query('GetCouple', { coupleId });
    expect(couple.terms.aggregation).toBe('sum');
    expect(checkDraws(market.place, couple, rounds).map(({ fault }) => fault)).toEqual([null, null]);
    const singly = { ...couple, terms: { ...couple.terms, aggregation: 'perSubset' as const } };
    expect(checkDraws(market.place, singly, rounds)[0]?.fault).toBe('subsets');
    expect((await round()).batches).toEqual([
      { subsetIndexes: drawn[0], quorumReached: true, outcome: 'agreed' },
    ]);
    expect(brokenInvariants(market.ledger)).toEqual([]);
  });

  it('attack 27: every couple of the dataset has the same batches', async () => {
    await market.request({ coupleId: 'tc_two', rounds: 2, spareAttempts: 0, subsetsPerRound: 4 });
    await market.approve('tc_two');
    const { drawn } = await market.start(1, 'tc_two');
    const indexes = drawn.map(({ subsetIndex }) => subsetIndex);
    const known = batchesOf(7).map(String);
    expect([known.join(), [...known].reverse().join(), known[1]]).toContain(indexes.join());
  });
});

describe('the terms of a couple of sums', () => {
  it('keep the largest draw within the rules, also by default', async () => {
    market = await TestMarket.open({ ...sums, subsets: 8 });
    const requestRules = { ...market.offerInput().requestRules, mostSubsetsPerRound: 6 };
    await market.offer({ requestRules });
    for (let subset = 0; subset < 8; subset += 1)
      for (const slot of [0, 1]) await market.join(`host${slot}`, subset, slot);
    await market.verifyAll();
    const program = { programDigest: hashOf('program'), architectureDigest: hashOf('architecture') };
    await market.submit('modeller', 'RegisterModel', { modelId: 'md_test', ...program, protection: 'plain' });
    const asked = (subsetsPerRound?: number) => ({
      ...market.requestInput(subsetsPerRound === undefined ? {} : { subsetsPerRound }),
      heKeyDigest: null,
    });
    // The batches have three and five subsets: with one more subset than three, both may be drawn.
    expect(await market.refusal('modeller', 'RequestTraining', asked(4))).toBe('BEYOND_RULES');
    expect(await market.refusal('modeller', 'RequestTraining', asked(9))).toBe('BEYOND_RULES');
    const { terms } = await market.submit('modeller', 'RequestTraining', asked());
    expect(terms).toMatchObject({ aggregation: 'sum', subsetsPerRound: 3 });
  });
});

describe('a batch', () => {
  beforeEach(async () => {
    market = await TestMarket.approved({ ...sums, subsets: 3, rounds: 3 });
    await market.start(1);
  });

  it('attack 1: is void where one subset lacks a quorum; who answered is not blamed, who did not is', async () => {
    for (const slot of [0, 1, 2]) await commit(0, slot);
    await commit(1, 0);
    await commit(1, 1);
    await commit(2, 0);
    await report(2, 1);
    expect((await round()).batches).toMatchObject([{ quorumReached: false, outcome: null }]);
    expect((await round()).subsets.map(({ quorumReached }) => quorumReached)).toEqual([true, true, false]);
    expect(await market.refusal('modeller', 'CloseRound', closing(0))).toBe('NOT_CLOSABLE');
    await market.pass(10_300);
    expect((await round()).batches).toMatchObject([{ quorumReached: false, outcome: 'void' }]);
    for (const subset of [0, 1]) await market.close(1, subset);
    await market.close(1, 2, 'undelivered');
    expect(await outcomes()).toEqual(['void', 'void', 'void']);
    expect(await rows('host0')).toEqual(['void', 'void', 'void']);
    expect(await rows('host1')).toEqual(['void', 'void']);
    expect((await rows('host2')).sort()).toEqual(['absent', 'absent', 'void']);
    expect([await rows('modeller'), await rows('owner')]).toEqual([[], []]);
    expect(brokenInvariants(market.ledger)).toEqual([]);
  });

  it('is void as soon as that is certain, whoever else may still answer', async () => {
    for (const slot of [0, 1, 2]) await commit(0, slot);
    for (const slot of [0, 1, 2]) await report(1, slot);
    expect((await round()).batches).toMatchObject([{ outcome: 'void' }]);
    expect((await market.close(1, 0)).settlements[0]).toMatchObject({ outcome: 'void', commitments: 3 });
    expect(await market.refusal('modeller', 'CloseRound', closing(2))).toBe('NOT_CLOSABLE');
    for (const slot of [0, 1, 2]) await commit(2, slot);
    for (const subset of [1, 2]) await market.close(1, subset, 'undelivered');
    expect(await outcomes()).toEqual(['void', 'void', 'void']);
  });

  it('does not hold up a subset for the last replica of another, once each has a quorum', async () => {
    for (const slot of [0, 1, 2]) await commit(0, slot);
    for (const slot of [0, 1]) await commit(1, slot);
    await commit(2, 0);
    const view = await market.query('GetCoupleView', { coupleId });
    const first = view.waiting.find(({ subsetIndex }) => subsetIndex === 0);
    expect(first).toMatchObject({
      kind: 'updates',
      whom: ['host2', 'host1'].map((name) => market.id(name)),
    });
    expect(await market.refusal('modeller', 'CloseRound', closing(0))).toBe('NOT_CLOSABLE');
    await commit(2, 1);
    expect((await round()).batches).toMatchObject([{ quorumReached: true, outcome: null }]);
    expect((await market.close(1, 0)).settlements[0]).toMatchObject({ outcome: 'agreed' });
    expect(await market.refusal('modeller', 'CloseRound', closing(1))).toBe('NOT_CLOSABLE');
  });

  it('attack 2: that fails later in one subset pays the agreeing hosts of the others, and has no sum', async () => {
    await market.commitAll(1);
    await market.close(1, 0);
    await market.close(1, 1);
    await market.close(1, 2, hashOf('what nobody sent'));
    expect((await round()).batches).toMatchObject([{ outcome: null }]);
    await market.pass(51_000);
    await market.submit('admin', 'TallyRound', { coupleId, attempt: 1, subsetIndexes: [2] });
    expect(await outcomes()).toEqual(['agreed', 'agreed', 'forfeited']);
    expect((await round()).batches).toMatchObject([{ quorumReached: true, outcome: 'forfeited' }]);
    expect((await rows('host0')).sort()).toEqual(['agreed', 'agreed', 'forfeited']);
    expect(await rows('owner')).toEqual([]);
  });

  it('is void in a tally, too, whatever the reveals say', async () => {
    for (const slot of [0, 1, 2]) await commit(0, slot);
    await market.pass(31_000);
    await market.submit('host0', 'RevealUpdate', {
      coupleId,
      attempt: 1,
      instanceId: slotId(0, 0),
      digest: market.updateDigest(1, 0),
    });
    await market.pass(20_300);
    for (const subset of [0, 1, 2])
      await market.submit('admin', 'TallyRound', { coupleId, attempt: 1, subsetIndexes: [subset] });
    expect(await outcomes()).toEqual(['void', 'void', 'void']);
    expect((await rows('host0')).sort()).toEqual(['absent', 'absent', 'void']);
    expect(await rows('modeller')).toEqual(['unclosed', 'unclosed', 'unclosed']);
    expect(brokenInvariants(market.ledger)).toEqual([]);
  });

  it('attack 26: is judged by the slots that the record names, also after a host has left one', async () => {
    for (const subset of [0, 1]) for (const slot of [0, 1, 2]) await commit(subset, slot);
    await market.submit('host0', 'LeaveInstance', { instanceId: slotId(2, 0), generation: 1 });
    await market.pass(10_300);
    await market.submit('host0', 'LeaveInstance', { instanceId: slotId(2, 0), generation: 1 });
    expect((await round()).batches).toMatchObject([{ outcome: 'void' }]);
    for (const subset of [0, 1, 2]) await market.close(1, subset, 'undelivered');
    expect(await outcomes()).toEqual(['void', 'void', 'void']);
    const verdicts = (await round()).settlements[2]?.verdicts.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['absent', 'absent', 'absent']);
  });

  it('names who dissents in one of its subsets, as without sums', async () => {
    for (const subset of [0, 1, 2])
      for (const slot of [0, 1, 2])
        await commit(subset, slot, slot === 2 && subset === 1 ? hashOf('lie') : undefined);
    for (const subset of [0, 1, 2]) await market.close(1, subset);
    expect((await round()).batches).toMatchObject([{ outcome: 'agreed' }]);
    expect(await rows('host2')).toEqual(['agreed', 'dissented', 'agreed']);
  });

  it('that was void used its round: nothing of it is given back', async () => {
    for (const subset of [0, 1, 2]) for (const slot of [0, 1, 2]) await report(subset, slot);
    expect(
      await market.refusal('modeller', 'FinishTraining', {
        coupleId,
        finalModelDigest: hashOf('f'),
        metrics: [],
      }),
    ).toBe('ROUND_UNSETTLED');
    for (const subset of [0, 1, 2]) await market.close(1, subset, 'undelivered');
    await market.submit('modeller', 'FinishTraining', {
      coupleId,
      finalModelDigest: hashOf('f'),
      metrics: [],
    });
    const released = await market.submit('owner', 'ReleaseRounds', { coupleId });
    expect(released.releasedRounds).toBe(2);
  });
});

describe('a void batch', () => {
  it('attack 4: asks no host for anything more: no step is left in which it could open a mask', async () => {
    market = await TestMarket.approved({ ...sums, subsets: 3, rounds: 1 });
    await market.start(1);
    for (const slot of [0, 1, 2]) await commit(0, slot);
    await market.pass(10_300);
    for (const subset of [0, 1, 2]) await market.close(1, subset, 'undelivered');
    expect((await round()).batches).toMatchObject([{ outcome: 'void' }]);
    const { waiting } = await market.query('GetCoupleView', { coupleId });
    expect(waiting.map(({ kind, whom }) => [kind, whom])).toEqual([['nextRound', [market.id('modeller')]]]);
    const reveal = { coupleId, attempt: 1, instanceId: slotId(0, 0), digest: market.updateDigest(1, 0) };
    expect(await market.refusal('host0', 'RevealUpdate', reveal)).toBe('NOT_CONTESTED');
  });
});
