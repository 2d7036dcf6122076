import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainCouple } from '@veritrain/client-sdk';
import type { AgentProcess } from '../support/agentProcess.js';
import { ended, offer, request } from '../support/couples.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';
import { verdictsOn } from '../support/verdicts.js';

// The ledger dies as in a power cut, in a round of its own for each moment, and comes back; every agent runs on.

const withinMs = 400_000;
const datasetId = 'ds_diabetes';
const coupleId = 'tc_ledgerkilled';
const rounds = 6;

let market: StoryMarket;
let owner: StoryMember;
let lab: StoryMember;
let couple: TrainCouple;
const hosts: StoryMember[] = [];
const agents = new Map<string, AgentProcess>();

/** Who did what last before the ledger dies, by attempt. */
const moments: [string, string][] = [
  ['lab', 'openRound'],
  ['hospital', 'startRound'],
  ['host1', 'submitUpdate'],
  ['host1', 'uploadUpdate'],
  ['lab', 'downloadUpdates'],
];

beforeAll(async () => {
  market = await StoryMarket.start();
  owner = await market.join('hospital', ['dataOwner']);
  lab = await market.join('lab', ['modelOwner']);
  for (const name of ['host1', 'host2', 'host3']) hosts.push(await market.join(name, ['cloudOwner']));
  for (const member of [owner, lab, ...hosts]) agents.set(member.name, market.run(member));
  await market.agentsStarted();
  await offer(market, owner, { datasetId, subsets: 2, replicas: 3, hosts, paceMs: 60_000 });
  await request(lab, { coupleId, datasetId, rounds, subsetsPerRound: 2 });
  for (const [index, [who, step]] of moments.entries()) {
    await agents.get(who)!.did(step, index + 1);
    await market.ledger.killAndRestart();
  }
  couple = await ended(lab, coupleId, withinMs);
}, withinMs);
afterAll(() => market?.stop());

describe('the ledger is killed in the middle of a round', () => {
  it(`after ${moments.map(([who, step]) => `${step} of ${who}`).join(', ')}: the same model`, async () => {
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
  });

  it('no round was spent in vain, and every job agreed', async () => {
    expect(couple.attempts).toBe(rounds);
    for (const host of hosts)
      expect(await verdictsOn(host, coupleId)).toEqual(Array.from({ length: 2 * rounds }, () => 'agreed'));
  });

  it('no agent died of it', () => {
    expect(agents.size).toBe(5);
    for (const agent of agents.values()) expect(agent.isRunning).toBe(true);
  });
});
