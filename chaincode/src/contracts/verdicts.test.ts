import { beforeEach, describe, expect, it } from 'vitest';
import { jobIdOf, type DrawnSubset } from '../domain/index.js';
import { hashOf } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
let market: TestMarket;
let subset: DrawnSubset;
let index: number;

/** A started round with one drawn subset of three replicas. */
beforeEach(async () => {
  market = await TestMarket.approved({ subsets: 2, rounds: 5, subsetsPerRound: 1 });
  subset = (await market.start(1)).drawn[0]!;
  index = subset.subsetIndex;
});

const commit = (slot: number, digest?: string) =>
  market.commitUpdate(1, subset.slots[slot]!.instanceId, digest);
const report = (slot: number) =>
  market.submit(`host${slot}`, 'ReportUnavailable', {
    coupleId,
    attempt: 1,
    instanceId: subset.slots[slot]!.instanceId,
  });
const result = (claim: string) => ({ coupleId, attempt: 1, results: [{ subsetIndex: index, claim }] });
const reveal = (slot: number, digest: string) => ({
  coupleId,
  attempt: 1,
  instanceId: subset.slots[slot]!.instanceId,
  digest,
});
const tally = () => ({ coupleId, attempt: 1, subsetIndexes: [index] });
const right = () => market.updateDigest(1, index);
const rows = async (participantId: string) =>
  (await market.query('ListConduct', { participantId })).items.map((row) => row.kind);

describe('CloseRound', () => {
  it('attack 22: nobody is made absent early: it waits for all answers or the commit deadline', async () => {
    await commit(0);
    await commit(1);
    expect(await market.refusal('modeller', 'CloseRound', result(right()))).toBe('NOT_CLOSABLE');
    await market.pass(10_300);
    const { settlements } = await market.close(1, index);
    expect(settlements[0]).toMatchObject({ outcome: 'agreed', commitments: 2 });
    expect(await rows(market.id('host2'))).toEqual(['absent']);
  });

  it('attack 22: a commitment that races an early close cannot be overlooked', async () => {
    await commit(0);
    await commit(1);
    await commit(2);
    const host = market.who('host2');
    expect(host).toBeDefined();
    const closing = await market.ledger.endorse(market.who('modeller'), 'CloseRound', result(right()));
    expect(
      [...closing.simulation.reads.keys()].filter((key) => key.startsWith('\u0000job\u0000')),
    ).toHaveLength(3);
  });

  it('attack 1: under a quorum the subset is void, nothing was uploaded, and nobody who answered is blamed', async () => {
    await commit(0);
    await report(1);
    await report(2);
    const progress = (await market.query('GetRound', { coupleId, attempt: 1 })).subsets[0];
    expect(progress).toMatchObject({ commitments: 1, reports: 2, quorumReached: false });
    const { settlements } = await market.close(1, index, 'undelivered');
    expect(settlements[0]).toMatchObject({ outcome: 'void', digest: null });
    expect(await rows(market.id('host0'))).toEqual(['void']);
    expect(await rows(market.id('host1'))).toEqual([]);
    expect(await rows(market.id('modeller'))).toEqual([]);
  });

  it('attack 30: undelivered is said only after the upload deadline', async () => {
    for (const slot of [0, 1, 2]) await commit(slot);
    expect(await market.refusal('modeller', 'CloseRound', result('undelivered'))).toBe('UPLOADS_OPEN');
    await market.pass(20_300);
    const { settlements } = await market.close(1, index, 'undelivered');
    expect(settlements[0]).toMatchObject({ state: 'contested', claim: 'undelivered' });
  });

  it('attack 30: each subset settles on its own key, in as many calls as it takes', async () => {
    const wide = await TestMarket.approved({ subsets: 3, rounds: 1, subsetsPerRound: 3 });
    await wide.start(1);
    const all = await wide.commitAll(1);
    for (const [at, each] of all.entries()) {
      await wide.close(1, each);
      const view = await wide.query('GetRound', { coupleId, attempt: 1 });
      expect(view.settled).toBe(at === all.length - 1);
    }
  });

  it('is final: a retry finds it, another word is refused', async () => {
    for (const slot of [0, 1, 2]) await commit(slot);
    const first = await market.close(1, index);
    expect(await market.close(1, index)).toEqual(first);
    expect(await market.refusal('modeller', 'CloseRound', result(hashOf('other')))).toBe('CONFLICT');
    expect(await market.refusal('modeller', 'CloseRound', result('undelivered'))).toBe('CONFLICT');
  });

  it('is the model owner’s, in time, of subsets that were drawn, a chunk at a time', async () => {
    for (const slot of [0, 1, 2]) await commit(slot);
    expect(await market.refusal('owner', 'CloseRound', result(right()))).toBe('NOT_OWNER');
    const undrawn = { coupleId, attempt: 1, results: [{ subsetIndex: 1 - index, claim: right() }] };
    expect(await market.refusal('modeller', 'CloseRound', undrawn)).toBe('NOT_DRAWN');
    const results = Array.from({ length: 7 }, (_, subsetIndex) => ({ subsetIndex, claim: right() }));
    expect(await market.refusal('modeller', 'CloseRound', { coupleId, attempt: 1, results })).toBe(
      'TOO_MANY_AT_ONCE',
    );
    await market.pass(30_300);
    expect(await market.refusal('modeller', 'CloseRound', result(right()))).toBe('DEADLINE_PASSED');
  });

  it('attack 8: two replicas that differ end as contested and convict nobody', async () => {
    const pair = await TestMarket.approved({ replicas: 2, rounds: 1, subsetsPerRound: 1 });
    const drawn = (await pair.start(1)).drawn[0]!;
    await pair.commitUpdate(1, drawn.slots[0]!.instanceId);
    await pair.commitUpdate(1, drawn.slots[1]!.instanceId, hashOf('lie'));
    const { settlements } = await pair.close(1, drawn.subsetIndex);
    expect(settlements[0]).toMatchObject({ state: 'contested' });
    await pair.pass(50_300);
    await pair.submit('admin', 'TallyRound', { coupleId, attempt: 1, subsetIndexes: [drawn.subsetIndex] });
    for (const host of [pair.id('host0'), pair.id('host1')]) {
      const { items } = await pair.query('ListConduct', { participantId: host });
      expect(items.map((row) => row.kind)).toEqual(['forfeited']);
    }
  });

  it('attack 8: one replica is settled but not judged: no record for it or against it', async () => {
    const single = await TestMarket.approved({ replicas: 1, rounds: 1, subsetsPerRound: 1 });
    await single.playRound(1);
    expect((await single.query('ListConduct', { participantId: single.id('host0') })).items).toEqual([]);
    const { settlements } = await single.query('GetRound', { coupleId, attempt: 1 });
    expect(settlements[0]).toMatchObject({ outcome: 'agreed', verdicts: [{ verdict: 'unjudged' }] });
  });

  it('attack 32: a data owner that empties slots does not make its own host the quorum', async () => {
    const empty = await TestMarket.approved({ rounds: 1, subsetsPerRound: 2 });
    for (const at of [1, 2]) {
      for (const each of [0, 1]) {
        const leaving = { instanceId: `ci_test_${each}_${at}`, generation: 1 };
        await empty.submit(`host${at}`, 'LeaveInstance', leaving);
      }
    }
    await empty.pass(10_300);
    const { drawn } = await empty.start(1);
    for (const { subsetIndex, slots } of drawn) {
      expect(slots.map((each) => each.slot)).toEqual([0]);
      await empty.commitUpdate(1, slots[0]!.instanceId);
      const { settlements } = await empty.close(1, subsetIndex);
      expect(settlements[0]).toMatchObject({ outcome: 'void' });
    }
  });
});

describe('RevealUpdate and TallyRound', () => {
  it('attack 2: hosts that agree on bytes that nobody got forfeit, and leave no record of a wrong digest', async () => {
    for (const slot of [0, 1, 2]) await commit(slot, hashOf('random bytes'));
    await market.pass(20_300);
    await market.close(1, index, 'undelivered');
    for (const slot of [0, 1])
      await market.submit(`host${slot}`, 'RevealUpdate', reveal(slot, hashOf('random bytes')));
    await market.pass(30_000);
    const { settlements } = await market.submit('admin', 'TallyRound', tally());
    expect(settlements[0]).toMatchObject({ outcome: 'forfeited', digest: hashOf('random bytes') });
    expect(await rows(market.id('host0'))).toEqual(['forfeited']);
    expect(await rows(market.id('modeller'))).toEqual([]);
  });

  it('attack 33: a silent model owner gains nothing: forfeited, and a row for each unclosed subset', async () => {
    for (const slot of [0, 1, 2]) await commit(slot);
    expect(await market.refusal('host0', 'RevealUpdate', reveal(0, right()))).toBe('NOT_CONTESTED');
    await market.pass(30_300);
    await market.submit('host0', 'RevealUpdate', reveal(0, right()));
    await market.submit('host0', 'RevealUpdate', reveal(0, right()));
    const unclosed = await market.query('GetRound', { coupleId, attempt: 1 });
    expect([unclosed.reveals.length, unclosed.settlements.length]).toEqual([1, 0]);
    expect(await market.refusal('admin', 'TallyRound', tally())).toBe('DEADLINE_NOT_PASSED');
    await market.pass(20_000);
    const { settlements } = await market.submit('admin', 'TallyRound', tally());
    expect(settlements[0]).toMatchObject({ outcome: 'forfeited', digest: right(), claim: null });
    await market.submit('admin', 'TallyRound', tally());
    expect(await rows(market.id('modeller'))).toEqual(['unclosed']);
    expect((await market.query('GetCouple', { coupleId })).startedRounds).toBe(1);
  });

  it('a wrong digest is contested, revealed and tallied', async () => {
    await commit(0);
    await commit(1);
    await commit(2, hashOf('lie'));
    const { settlements } = await market.close(1, index, hashOf('wrong'));
    expect(settlements[0]).toMatchObject({ state: 'contested', claim: hashOf('wrong'), verdicts: [] });
    expect(await market.refusal('host0', 'RevealUpdate', reveal(0, hashOf('wrong')))).toBe(
      'DIGEST_DOES_NOT_OPEN',
    );
    await market.submit('host0', 'RevealUpdate', reveal(0, right()));
    expect(await market.refusal('host1', 'RevealUpdate', reveal(0, right()))).toBe('NOT_HOLDER');
    await market.pass(40_300);
    expect(await market.refusal('host1', 'RevealUpdate', reveal(1, right()))).toBe('DEADLINE_PASSED');
    await market.pass(10_000);
    const end = await market.submit('admin', 'TallyRound', tally());
    expect(end.settlements[0]).toMatchObject({ outcome: 'forfeited', digest: right() });
    const job = await market.query('GetJob', { jobId: jobIdOf(coupleId, 1, index, 2) });
    expect(job.verdict).toBe('forfeited');
    const history = await market.query('GetCoupleHistory', { coupleId });
    const told = history.items.map((step) => step.transaction).slice(-3);
    expect(told).toEqual(['CloseRound', 'RevealUpdate', 'TallyRound']);
  });

  it('an unclosed subset without a quorum is void, and still counts as unclosed', async () => {
    await commit(0);
    expect(await market.refusal('host1', 'RevealUpdate', reveal(1, right()))).toBe('NOT_CONTESTED');
    await market.pass(50_300);
    expect(await market.refusal('host1', 'RevealUpdate', reveal(1, right()))).toBe('DEADLINE_PASSED');
    const { settlements } = await market.submit('admin', 'TallyRound', tally());
    expect(settlements[0]).toMatchObject({ outcome: 'void', claim: null });
    expect(await rows(market.id('modeller'))).toEqual(['unclosed']);
    expect(await rows(market.id('host0'))).toEqual(['void']);
    expect(await rows(market.id('host1'))).toEqual(['absent']);
  });

  it('who made no commitment has nothing to reveal', async () => {
    await commit(0);
    await commit(1);
    await report(2);
    await market.close(1, index, hashOf('wrong'));
    expect(await market.refusal('host2', 'RevealUpdate', reveal(2, right()))).toBe('NO_COMMITMENT');
    await market.submit('host0', 'RevealUpdate', reveal(0, right()));
    const other = { ...reveal(0, hashOf('other')) };
    expect(await market.refusal('host0', 'RevealUpdate', other)).toBe('CONFLICT');
  });
});

describe('whom a round waits for', () => {
  const waits = async () => (await market.query('GetCoupleView', { coupleId })).waiting[0];

  it('names them, until when, and what anyone may do then', async () => {
    expect(await waits()).toMatchObject({
      whom: [market.id('host0'), market.id('host1'), market.id('host2')],
      transactions: ['SubmitUpdate', 'ReportUnavailable'],
    });
    await commit(0);
    expect(await waits()).toMatchObject({ whom: [market.id('host1'), market.id('host2')] });
    await commit(1);
    await commit(2);
    expect(await waits()).toMatchObject({ whom: [market.id('modeller')], transactions: ['CloseRound'] });
    await market.pass(30_300);
    expect(await waits()).toMatchObject({ transactions: ['RevealUpdate'], thenAnyone: 'TallyRound' });
    await market.pass(20_000);
    expect(await waits()).toMatchObject({ whom: [], transactions: ['TallyRound'], until: { passed: true } });
    await market.submit('admin', 'TallyRound', tally());
    expect(await waits()).toMatchObject({
      whom: [market.id('modeller')],
      transactions: ['OpenRound', 'FinishTraining'],
    });
    await market.openRound(2);
    expect(await waits()).toMatchObject({
      whom: [market.id('owner')],
      transactions: ['StartRound'],
      thenAnyone: 'ExpireRound',
    });
  });

  it('lists jobs by couple, attempt and host', async () => {
    await commit(0);
    await commit(1);
    const count = async (input: Parameters<typeof market.query<'ListJobs'>>[1]) =>
      (await market.query('ListJobs', input)).items.length;
    expect(await count({ coupleId })).toBe(2);
    expect(await count({ coupleId, attempt: 2 })).toBe(0);
    expect(await count({ participantId: market.id('host0') })).toBe(1);
    expect(await count({ participantId: market.id('host0'), coupleId, attempt: 1 })).toBe(1);
    expect(await count({})).toBe(2);
    expect(await market.refusal('owner', 'ListJobs', { attempt: 1 })).toBe('INVALID_INPUT');
    expect((await market.query('ListRounds', { coupleId })).items).toHaveLength(1);
  });
});
