import { readFileSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended, offer, request } from '../support/couples.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';

// What a model owner has on its disk is cut in half, as a full disk or a hand may do it, while its agent is away.

const withinMs = 400_000;
const datasetId = 'ds_diabetes';
const coupleId = 'tc_damaged';

let market: StoryMarket;
let owner: StoryMember;
let lab: StoryMember;

beforeAll(async () => {
  market = await StoryMarket.start();
  owner = await market.join('hospital', ['dataOwner']);
  lab = await market.join('lab', ['modelOwner']);
  const host = await market.join('host', ['cloudOwner']);
  for (const member of [owner, host]) market.run(member);
  await market.agentsStarted();
  await offer(market, owner, { datasetId, subsets: 2, replicas: 1, hosts: [host], paceMs: 60_000 });
}, withinMs);
afterAll(() => market?.stop());

it(
  'the state of a training is worked out anew, to the same model',
  async () => {
    const before = market.run(lab);
    await request(lab, { coupleId, datasetId, rounds: 5, subsetsPerRound: 2 });
    await before.did('saveState', 3);
    await before.stop('SIGKILL');
    const state = lab.member.home.couple(coupleId).statePath;
    const half = Math.floor(readFileSync(state).length / 2);
    truncateSync(state, half);

    const after = market.run(lab);
    const couple = await ended(lab, coupleId, withinMs);
    expect(after.warnings()).toContain('VT9211 the state of the training was damaged and is computed again');
    expect(readFileSync(`${state}.damaged`)).toHaveLength(half);
    expect(couple).toMatchObject({ state: 'finished', attempts: 5 });
    const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
  },
  withinMs,
);
