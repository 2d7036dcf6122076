import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentSteps } from '@veritrain/agents';
import type { TrainCouple } from '@veritrain/client-sdk';
import { ended, offer, request, waitUntil } from '../support/couples.js';
import { runThroughCrashes, type Crashing } from '../support/crashes.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';

// Three agents die again and again while one couple trains, each at all of its steps by name.

const withinMs = 400_000;
const datasetId = 'ds_diabetes';
const coupleId = 'tc_crashes';
const after = (steps: readonly string[]): string[] => steps.map((step) => `after:${step}`);

const points = {
  dataOwner: after(['verifyInstances', 'approveTraining', 'startRound', 'releaseRounds']),
  cloudOwner: after(['fetchModel', 'computeUpdate', 'submitUpdate', 'uploadUpdate']),
  modelOwner: after(agentSteps.modelOwner),
};

let market: StoryMarket;
let owner: StoryMember;
let lab: StoryMember;
let couple: TrainCouple;
let crashing: Record<keyof typeof points, Crashing>;

beforeAll(async () => {
  market = await StoryMarket.start();
  owner = await market.join('hospital', ['dataOwner']);
  lab = await market.join('lab', ['modelOwner']);
  const hosts: StoryMember[] = [];
  for (const name of ['host1', 'host2', 'host3']) hosts.push(await market.join(name, ['cloudOwner']));
  const [host1, ...others] = hosts;
  for (const host of others) market.run(host);
  crashing = {
    dataOwner: runThroughCrashes(market, owner, points.dataOwner),
    cloudOwner: runThroughCrashes(market, host1!, points.cloudOwner),
    modelOwner: runThroughCrashes(market, lab, points.modelOwner),
  };
  await market.agentsStarted();
  await offer(market, owner, { datasetId, subsets: 3, replicas: 3, hosts, paceMs: 60_000 });
  await request(lab, { coupleId, datasetId, rounds: 7, subsetsPerRound: 2 });
  couple = await ended(lab, coupleId, withinMs);
  await waitUntil('the rounds are given back', async () => {
    const { releasedRounds } = await lab.member.market.couples.get({ coupleId });
    return releasedRounds !== null;
  });
}, withinMs);
afterAll(() => market?.stop());

describe('agents are killed at every step of a round by name', () => {
  for (const role of ['dataOwner', 'cloudOwner', 'modelOwner'] as const) {
    it(`${role}: ${points[role].join(', ')}`, async () => {
      await crashing[role].survivor;
      expect(crashing[role].crashed).toEqual(points[role]);
    });
  }

  it('the couple ends with the model of an undisturbed one', async () => {
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
  });

  it('no step was taken twice: every job agreed, no round was spent in vain', async () => {
    const history = await lab.member.market.history.ofCouple({ coupleId, pageSize: 50 });
    const verdicts = history.items.flatMap((step) => step.verdicts.map(({ verdict }) => verdict));
    expect(couple.attempts).toBe(7);
    expect(verdicts).toHaveLength(7 * 2 * 3);
    expect(new Set(verdicts)).toEqual(new Set(['agreed']));
  });
});
