import { beforeEach, describe, expect, it } from 'vitest';
import { draw, drawLink, instanceIdOf, updateCommitment } from '../domain/index.js';
import { StaleRead } from '../testing/memoryLedger.js';
import { handle, hashOf, nonceOf, sealed } from '../testing/fixtures.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
let market: TestMarket;

beforeEach(async () => {
  market = await TestMarket.approved({ subsets: 3, rounds: 2, spareAttempts: 2, subsetsPerRound: 2 });
});

const open = (attempt: number, over: object = {}) => ({
  coupleId,
  attempt,
  modelDigest: hashOf(`model tc_test ${attempt}`),
  modelHandle: handle(`model tc_test ${attempt}`),
  link: market.linkOf('modelOwner', Math.min(attempt, 4)),
  ...over,
});

describe('OpenRound', () => {
  it('numbers attempts without gaps; a retry finds its round', async () => {
    expect(await market.refusal('modeller', 'OpenRound', open(2))).toBe('WRONG_ATTEMPT');
    const round = await market.openRound(1);
    expect(await market.openRound(1)).toEqual(round);
    expect(await market.refusal('modeller', 'OpenRound', open(1, { modelDigest: hashOf('x') }))).toBe(
      'CONFLICT',
    );
    expect(await market.refusal('modeller', 'OpenRound', open(2))).toBe('ROUND_UNSETTLED');
    expect(await market.refusal('owner', 'OpenRound', open(1))).toBe('NOT_OWNER');
  });

  it('ends with the rounds or the chain that were agreed', async () => {
    await market.playRound(1);
    await market.openRound(2);
    await market.pass(10_300);
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 2 });
    await market.playRound(3);
    expect(await market.refusal('modeller', 'OpenRound', open(4))).toBe('ROUNDS_EXHAUSTED');
    const late = await TestMarket.approved({ rounds: 1, spareAttempts: 1 });
    for (const attempt of [1, 2]) {
      await late.openRound(attempt);
      await late.pass(10_300);
      await late.submit('admin', 'ExpireRound', { coupleId, attempt });
    }
    expect(await late.refusal('modeller', 'OpenRound', open(3))).toBe('ROUNDS_EXHAUSTED');
  });
});

describe('StartRound', () => {
  it('draws from link and model; anyone can draw again from the records', async () => {
    const owed: number[][] = [[]];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const round = await market.start(attempt);
      const again = draw({
        seed: round.seed ?? '',
        subsets: 3,
        aggregation: 'perSubset',
        count: 2,
        remainder: owed.at(-1) ?? [],
      });
      expect(round.drawn.map((subset) => subset.subsetIndex)).toEqual(again.drawn);
      expect((await market.query('GetCouple', { coupleId })).remainder).toEqual(again.remainder);
      owed.push([...again.remainder]);
      for (const index of await market.commitAll(attempt)) await market.close(attempt, index);
    }
  });

  it('attack 14: takes this attempt’s link only', async () => {
    await market.openRound(1);
    const wrong = [
      market.linkOf('dataOwner', 2),
      market.linkOf('dataOwner', 4),
      hashOf('guess'),
      drawLink({ ...market.place, coupleId, side: 'dataOwner' }, hashOf('x'), 4, 1),
      market.linkOf('modelOwner', 1),
    ];
    for (const link of wrong) {
      expect(await market.refusal('owner', 'StartRound', { coupleId, attempt: 1, link })).toBe('WRONG_LINK');
    }
    await market.startRound(1);
    await market.startRound(1);
    expect(await market.refusal('owner', 'StartRound', { coupleId, attempt: 1, link: hashOf('y') })).toBe(
      'CONFLICT',
    );
    expect(await market.refusal('modeller', 'StartRound', { coupleId, attempt: 1, link: hashOf('y') })).toBe(
      'NOT_OWNER',
    );
    expect(await market.refusal('owner', 'StartRound', { coupleId, attempt: 2, link: hashOf('y') })).toBe(
      'NOT_FOUND',
    );
  });

  it('attack 14: a link that leaked in an invalid transaction is good for its attempt and model only', async () => {
    await market.openRound(1);
    const held = await market.ledger.endorse(market.who('owner'), 'StartRound', {
      coupleId,
      attempt: 1,
      link: market.linkOf('dataOwner', 1),
    });
    await market.tick();
    expect(() => {
      market.ledger.commit(held);
    }).toThrow(StaleRead);
    // The model owner has seen the link: it may neither change attempt 1's model nor end the attempt early.
    expect(await market.refusal('modeller', 'OpenRound', open(1, { modelDigest: hashOf('chosen') }))).toBe(
      'CONFLICT',
    );
    expect(await market.refusal('modeller', 'ExpireRound', { coupleId, attempt: 1 })).toBe(
      'DEADLINE_NOT_PASSED',
    );
    await market.pass(10_300);
    await market.submit('modeller', 'ExpireRound', { coupleId, attempt: 1 });
    await market.openRound(2);
    const burnt = { coupleId, attempt: 2, link: market.linkOf('dataOwner', 1) };
    expect(await market.refusal('owner', 'StartRound', burnt)).toBe('WRONG_LINK');
    await market.startRound(2);
  });

  it('a late draw is refused, recorded against the data owner, and costs only its link', async () => {
    await market.openRound(1);
    await market.pass(10_300);
    const late = { coupleId, attempt: 1, link: market.linkOf('dataOwner', 1) };
    expect(await market.refusal('owner', 'StartRound', late)).toBe('DEADLINE_PASSED');
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 1 });
    await market.submit('admin', 'ExpireRound', { coupleId, attempt: 1 });
    expect(await market.refusal('owner', 'StartRound', late)).toBe('WRONG_STATE');
    const { items } = await market.query('ListConduct', { participantId: market.id('owner'), coupleId });
    expect(items.map((row) => row.kind)).toEqual(['lateDraw']);
    expect((await market.query('GetCouple', { coupleId })).startedRounds).toBe(0);
  });

  it('attack 26: names slot and generation, and leaves out hosts whose notice has ended', async () => {
    const whole = await TestMarket.approved({ subsets: 2, rounds: 2, subsetsPerRound: 2 });
    const named = (round: Awaited<ReturnType<typeof whole.start>>) =>
      Object.fromEntries(round.drawn.map((each) => [each.subsetIndex, each.slots.map((slot) => slot.slot)]));
    await whole.submit('host0', 'LeaveInstance', {
      instanceId: instanceIdOf('ds_test', 0, 0),
      generation: 1,
    });
    expect(named(await whole.start(1))).toEqual({ 0: [0, 1, 2], 1: [0, 1, 2] });
    for (const index of await whole.commitAll(1)) await whole.close(1, index);
    await whole.pass(10_300);
    expect(named(await whole.start(2))).toEqual({ 0: [1, 2], 1: [0, 1, 2] });
  });
});

describe('SubmitUpdate', () => {
  const first = async () => {
    const round = await market.start(1);
    return round.drawn[0]!.slots[0]!;
  };

  it('is the named host’s, once', async () => {
    const { instanceId } = await first();
    const digest = hashOf('update');
    const others = market.updateInput('host1', instanceId, 1, digest);
    expect(await market.refusal('host1', 'SubmitUpdate', others)).toBe('NOT_HOLDER');
    const mine = market.updateInput('host0', instanceId, 1, digest);
    const job = await market.submit('host0', 'SubmitUpdate', mine);
    expect(await market.submit('host0', 'SubmitUpdate', mine)).toEqual(job);
    expect(await market.refusal('host0', 'SubmitUpdate', { ...mine, commitment: hashOf('z') })).toBe(
      'CONFLICT',
    );
    expect(await market.refusal('host0', 'ReportUnavailable', { coupleId, attempt: 1, instanceId })).toBe(
      'CONFLICT',
    );
    expect(await market.refusal('modeller', 'SubmitUpdate', mine)).toBe('NOT_HOLDER');
  });

  it('is for slots that were drawn, of a round that was started, in time', async () => {
    await market.openRound(1);
    const anywhere = market.updateInput('host0', instanceIdOf('ds_test', 0, 0), 1, hashOf('u'));
    expect(await market.refusal('host0', 'SubmitUpdate', anywhere)).toBe('WRONG_STATE');
    const { drawn } = await market.startRound(1);
    const left = [0, 1, 2].find((index) => !drawn.some((each) => each.subsetIndex === index)) ?? 0;
    const undrawn = market.updateInput('host0', instanceIdOf('ds_test', left, 0), 1, hashOf('u'));
    expect(await market.refusal('host0', 'SubmitUpdate', undrawn)).toBe('NOT_DRAWN');
    await market.pass(10_300);
    const late = market.updateInput('host0', drawn[0]!.slots[0]!.instanceId, 1, hashOf('u'));
    expect(await market.refusal('host0', 'SubmitUpdate', late)).toBe('DEADLINE_PASSED');
  });

  it('attack 6: an endorsed submission that someone holds back over a tick dies', async () => {
    const { instanceId } = await first();
    const input = market.updateInput('host0', instanceId, 1, hashOf('update'));
    const held = await market.ledger.endorse(market.who('host0'), 'SubmitUpdate', input);
    await market.tick();
    expect(() => {
      market.ledger.commit(held);
    }).toThrow(StaleRead);
    await market.submit('host0', 'SubmitUpdate', input);
  });

  it('replicas that answer in the same block do not conflict', async () => {
    const { drawn } = await market.start(1);
    const all = await Promise.all(
      drawn.flatMap(({ slots }) =>
        slots.map(({ instanceId, slot }) =>
          market.ledger.endorse(
            market.who(`host${slot}`),
            'SubmitUpdate',
            market.updateInput(`host${slot}`, instanceId, 1, hashOf('u')),
          ),
        ),
      ),
    );
    for (const endorsed of all) market.ledger.commit(endorsed);
    expect((await market.query('GetRound', { coupleId, attempt: 1 })).jobs).toHaveLength(6);
  });

  it('attack 26: a host that left in mid-round still answers for the slot that the record names', async () => {
    const whole = await TestMarket.approved({ subsets: 2, rounds: 1, subsetsPerRound: 2 });
    const leaving = { instanceId: instanceIdOf('ds_test', 0, 0), generation: 1 };
    await whole.submit('host0', 'LeaveInstance', leaving);
    await whole.pass(5_000);
    await whole.start(1);
    await whole.pass(6_000);
    expect(await whole.submit('admin', 'LeaveInstance', leaving)).toMatchObject({ state: 'left' });
    expect(await whole.commitUpdate(1, leaving.instanceId)).toMatchObject({
      generation: 1,
      state: 'committed',
    });
  });

  it('attacks 15 and 21: what is public is an opaque commitment and a sealed envelope', async () => {
    const { instanceId } = await first();
    const input = market.updateInput('host0', instanceId, 1, hashOf('update'));
    for (const clear of ['https://bucket.example.com/update', hashOf('update'), '{"handle":"x"}']) {
      expect(await market.refusal('host0', 'SubmitUpdate', { ...input, sealed: clear })).toBe(
        'INVALID_INPUT',
      );
    }
    const job = await market.submit('host0', 'SubmitUpdate', input);
    expect(JSON.stringify(job)).not.toContain(hashOf('update').slice(7));
  });
});

describe('a copied commitment', () => {
  it('attack 12: opens for nobody else: the copier dissents', async () => {
    const { drawn } = await market.start(1);
    const { subsetIndex, slots } = drawn[0]!;
    const [a, b, c] = slots;
    await market.commitUpdate(1, a!.instanceId);
    await market.commitUpdate(1, b!.instanceId);
    const original = market.updateInput('host0', a!.instanceId, 1, market.updateDigest(1, subsetIndex));
    await market.submit('host2', 'SubmitUpdate', { ...original, instanceId: c!.instanceId });
    const { settlements } = await market.close(1, subsetIndex);
    expect(settlements[0]?.verdicts.map((each) => each.verdict)).toEqual(['agreed', 'agreed', 'dissented']);
    const { items } = await market.query('ListConduct', { participantId: market.id('host2') });
    expect(items).toMatchObject([{ kind: 'dissented', coupleId, attempt: 1, subsetIndex, slot: 2 }]);
    const nonce = nonceOf(`${a!.instanceId} 1 host0`);
    const facts = {
      ...market.place,
      coupleId,
      attempt: 1,
      instanceId: c!.instanceId,
      participantId: market.id('host2'),
      nonce,
    };
    expect(updateCommitment(facts, market.updateDigest(1, subsetIndex))).not.toBe(original.commitment);
    expect(original.sealed).toBe(sealed);
  });
});
