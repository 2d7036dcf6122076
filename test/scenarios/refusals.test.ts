import { StatusCode } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveCouple } from '@veritrain/member/couples';
import type { CloudInstance, RoundView, TrainJob } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import {
  type InputOf,
  instanceIdOf,
  jobIdOf,
  joinTokenMessage,
  packageCommitment,
  updateCommitment,
} from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { ended, waitUntil } from '../support/couples.js';
import { endorseOnly } from '../support/heldBack.js';
import { coupleOf, datasetOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { conductOn, verdictsOn } from '../support/verdicts.js';

// On a running market somebody calls what is not his to call, with a client of his own: refused by rule, nothing
// changed, and the agents train on. The third host of the couple is such a client and runs no agent.

const coupleId = coupleOf('refusals');
const openDataset = datasetOf('open');

let stage: Stage;
let hospital: StoryMember;
let rival: StoryMember;
let lab: StoryMember;
let host: StoryMember;
let client: StoryMember;
let thief: StoryMember;

beforeAll(async () => {
  stage = await Stage.open();
  [hospital, rival] = (await stage.join('dataOwner', 'hospital', 'rival')) as [StoryMember, StoryMember];
  [lab] = (await stage.join('modelOwner', 'lab')) as [StoryMember];
  const hosts = await stage.join('cloudOwner', 'host1', 'host2', 'client', 'thief');
  [host, , client, thief] = hosts as [StoryMember, StoryMember, StoryMember, StoryMember];
  stage.run(hospital, { approve: 'manual' });
  for (const member of [lab, ...hosts.slice(0, 2)]) stage.run(member);
  await stage.market.agentsStarted();
  await stage.publishOpen('open', hospital);
  await stage.publish('refusals', { owner: hospital, hosts: hosts.slice(0, 3), pace: 'short' });
  await stage.ask('refusals', lab, { rounds: 2 });
  // Until the market's clock has ticked nothing has expired.
  const { clock } = host.member.market;
  await waitUntil('the clock ticked', async () => (await clock.get({})).sequence > 0);
}, withinMs);
afterAll(() => stage?.market.stop());

const slotOf = (instanceId: string): Promise<CloudInstance> =>
  lab.member.market.instances.get({ instanceId });

interface Token {
  signer: StoryMember;
  /** Whom it names. */
  bearer: StoryMember;
  expiresAt: number;
}

/** What `caller` sends to take a slot with a token. */
function joining(caller: StoryMember, { signer, bearer, expiresAt }: Token): InputOf<'JoinInstance'> {
  const { place, keyring } = caller.member.market;
  const generation = 1;
  const slot = { datasetId: openDataset, subsetIndex: 0, slot: 0, generation };
  const instanceId = instanceIdOf(openDataset, 0, 0);
  const message = joinTokenMessage({ ...place, ...slot, participantId: bearer.participantId, expiresAt });
  const nonce = keyring.packageNonce(instanceId, generation);
  const facts = { ...place, instanceId, generation, participantId: caller.participantId, nonce };
  const commitment = packageCommitment(facts, digestOf(Buffer.from('package')));
  const token = signer.member.market.keyring.sign(message);
  return { instanceId, generation, expiresAt, token, nonce, commitment };
}

describe('join tokens', () => {
  const later = Date.now() + 3_600_000;
  const refused: [string, string, () => [StoryMember, Token]][] = [
    [
      'stolen: it names another host',
      'VT0508',
      () => [thief, { signer: hospital, bearer: host, expiresAt: later }],
    ],
    [
      'foreign: another data owner signed it',
      'VT0508',
      () => [thief, { signer: rival, bearer: thief, expiresAt: later }],
    ],
    ['expired', 'VT0509', () => [host, { signer: hospital, bearer: host, expiresAt: Date.now() - 600_000 }]],
  ];
  it.each(refused)('attack 12: %s', async (_, code, of) => {
    const [caller, token] = of();
    const before = await slotOf(instanceIdOf(openDataset, 0, 0));
    await expect(caller.member.market.instances.join(joining(caller, token))).rejects.toMatchObject({ code });
    expect(await slotOf(instanceIdOf(openDataset, 0, 0))).toEqual(before);
    expect(before.state).toBe('open');
  });

  it('a good one opens the slot that the others did not', async () => {
    const input = joining(host, { signer: hospital, bearer: host, expiresAt: later });
    const { result } = await host.member.market.instances.join(input);
    expect(result).toMatchObject({ state: 'joined', participantId: host.participantId });
  });
});

/** The client's slot, or another host's, of the first subset in a round. */
const instanceIn = (round: RoundView, { participantId }: StoryMember, subset = 0): string =>
  round.drawn
    .find(({ subsetIndex }) => subsetIndex === subset)!
    .slots.find((slot) => slot.participantId === participantId)!.instanceId;

const jobsOf = async (attempt: number): Promise<TrainJob[]> =>
  (await lab.member.market.rounds.get({ coupleId, attempt })).jobs;

/** A commitment to bytes of the caller's own. */
function committing(caller: StoryMember, round: RoundView, instanceId: string): InputOf<'SubmitUpdate'> {
  const { place, keyring } = caller.member.market;
  const { attempt } = round;
  const nonce = keyring.updateNonce(coupleId, attempt, instanceId);
  const facts = { ...place, coupleId, attempt, instanceId, participantId: caller.participantId, nonce };
  const { sealed } = round.jobs[0]!;
  const commitment = updateCommitment(facts, digestOf(Buffer.from('rubbish')));
  return { coupleId, attempt, instanceId, nonce, commitment, sealed: sealed! };
}

/** The round once both agents committed to the first subset, so that it waits for the client alone. */
async function bothCommitted(attempt: number): Promise<RoundView> {
  await stage.started('refusals', lab, attempt);
  const isSo = async (): Promise<boolean> =>
    (await jobsOf(attempt)).filter(({ subsetIndex }) => subsetIndex === 0).length === 2;
  await waitUntil('both agents committed', isSo, withinMs);
  return lab.member.market.rounds.get({ coupleId, attempt });
}

describe('a couple', () => {
  it('is approved by its own data owner alone', async () => {
    const { couples } = rival.member.market;
    const { anchor } = ownDrawChain(rival.member.market, 'dataOwner', coupleId, {
      rounds: 2,
      spareAttempts: 1,
    });
    await expect(couples.approve({ coupleId, anchor })).rejects.toMatchObject({ code: 'VT0303' });
    expect(await couples.get({ coupleId })).toMatchObject({ state: 'requested', dataOwnerChain: null });
    await approveCouple(hospital.member, { coupleId }, {});
  });

  it('a host does not answer for another’s job', async () => {
    const round = await bothCommitted(1);
    for (const [caller, target] of [
      [client, host],
      [thief, client],
    ] as const) {
      const input = committing(caller, round, instanceIn(round, target));
      await expect(caller.member.market.jobs.submitUpdate(input)).rejects.toMatchObject({ code: 'VT0304' });
    }
    expect(await jobsOf(1)).toEqual(round.jobs);
  });

  it('attack 6: an endorsed transaction that is held back over a tick ends as a conflict and changes nothing', async () => {
    const { clock, jobs } = client.member.market;
    const round = await bothCommitted(1);
    const instanceId = instanceIn(round, client);
    const held = await endorseOnly(client, 'SubmitUpdate', committing(client, round, instanceId));
    const { sequence } = await clock.get({});
    const ticked = async (): Promise<boolean> => (await clock.get({})).sequence > sequence;
    await waitUntil('the clock ticked', ticked, withinMs);
    const { code } = await (await held.transaction.submit()).getStatus();
    held.close();
    expect(code).toBe(StatusCode.MVCC_READ_CONFLICT);
    const { slot } = await slotOf(instanceId);
    const jobId = jobIdOf(coupleId, 1, 0, slot);
    await expect(jobs.get({ jobId })).rejects.toMatchObject({ code: 'VT0201' });
  });

  it('a copied commitment is taken, opens for nobody else, and is final', async () => {
    const { jobs } = client.member.market;
    const round = await bothCommitted(1);
    const { nonce, commitment, sealed } = round.jobs.find(({ subsetIndex }) => subsetIndex === 0)!;
    const instanceId = instanceIn(round, client);
    const copied = {
      coupleId,
      attempt: 1,
      instanceId,
      nonce: nonce!,
      commitment: commitment!,
      sealed: sealed!,
    };
    const { result } = await jobs.submitUpdate(copied);
    expect((await jobs.submitUpdate(copied)).result).toEqual(result);
    const other = committing(client, round, instanceId);
    await expect(jobs.submitUpdate(other)).rejects.toMatchObject({ code: 'VT0204' });
    await jobs.reportUnavailable({ coupleId, attempt: 1, instanceId: instanceIn(round, client, 1) });
    await stage.started('refusals', lab, 2);
    expect((await verdictsOn(client, coupleId)).sort()).toEqual(['dissented', 'excused']);
    expect(await conductOn(client, coupleId)).toEqual(['dissented']);
  });

  it('an answer after the commit deadline is refused, and its host absent', async () => {
    const { rounds, jobs } = client.member.market;
    const round = await bothCommitted(2);
    const isOver = async (): Promise<boolean> =>
      (await rounds.get({ coupleId, attempt: 2 })).phases?.commit.passed === true;
    await waitUntil('the commit deadline passed', isOver, withinMs);
    const late = committing(client, round, instanceIn(round, client));
    await expect(jobs.submitUpdate(late)).rejects.toMatchObject({ code: 'VT0403' });
    expect((await ended(lab, coupleId, withinMs)).state).toBe('finished');
    expect((await verdictsOn(client, coupleId)).sort()).toEqual(['absent', 'absent', 'dissented', 'excused']);
  });

  it('whatever was tried: the model is the undisturbed one', async () => {
    await stage.finishedAsUndisturbed('refusals', hospital, lab);
    expect(await verdictsOn(host, coupleId)).toEqual(Array.from({ length: 4 }, () => 'agreed'));
  });
});
