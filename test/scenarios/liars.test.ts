import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainCouple, VerdictKind } from '@veritrain/client-sdk';
import { ended, offer, request } from '../support/couples.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { undisturbed } from '../support/undisturbed.js';
import { conductOn, verdictsOn } from '../support/verdicts.js';

// Every couple of this file runs at the same time, in one market; each test waits for its own.

const withinMs = 400_000;
const hostFaults = [
  'wrong-update',
  'random-bytes',
  'truncated',
  'wrong-parameters',
  'silent',
  'copy',
  'late',
  'no-upload',
] as const;

let market: StoryMarket;
let owner: StoryMember;
let lab: StoryMember;
let honest: StoryMember[];
const liars = new Map<string, StoryMember>();

const coupleOf = (story: string): string => `tc_${story.replaceAll('-', '')}`;
const datasetOf = (story: string): string => `ds_${story.replaceAll('-', '')}`;

beforeAll(async () => {
  market = await StoryMarket.start();
  const cloudOwner = ['cloudOwner' as const];
  owner = await market.join('hospital', ['dataOwner']);
  lab = await market.join('lab', ['modelOwner']);
  honest = [await market.join('honest1', cloudOwner), await market.join('honest2', cloudOwner)];
  for (const fault of hostFaults) liars.set(fault, await market.join(fault, cloudOwner));
  for (const member of [owner, lab, ...honest]) market.run(member);
  for (const [fault, liar] of liars) market.run(liar, { fault });
  await market.agentsStarted();
  await Promise.all([...liars].map(([fault, liar]) => tell(fault, [...honest, liar])));
}, withinMs);
afterAll(() => market?.stop());

/** Offers a dataset of two subsets at these hosts and asks to train on it. */
async function tell(story: string, hosts: StoryMember[], modelOwner = lab, rounds = 1): Promise<void> {
  const datasetId = datasetOf(story);
  await offer(market, owner, {
    datasetId,
    subsets: 2,
    replicas: hosts.length,
    hosts,
    paceMs: 1.5 * market.paceMs,
  });
  await request(modelOwner, {
    coupleId: coupleOf(story),
    datasetId,
    rounds,
    subsetsPerRound: 2,
    spareAttempts: 0,
  });
}

async function finishedAsUndisturbed(story: string): Promise<TrainCouple> {
  const couple = await ended(lab, coupleOf(story), withinMs);
  expect(couple.state).toBe('finished');
  const { finalModelDigest } = await undisturbed({ owner, modelOwner: lab }, couple);
  expect(couple.finalModelDigest).toBe(finalModelDigest);
  return couple;
}

const both = <T>(one: T): T[] => [one, one];

describe('one of three hosts misbehaves: it is named, and the model is the same', () => {
  const expected: Record<(typeof hostFaults)[number], VerdictKind> = {
    'wrong-update': 'dissented',
    'random-bytes': 'dissented',
    truncated: 'dissented',
    'wrong-parameters': 'dissented',
    silent: 'absent',
    copy: 'dissented',
    late: 'absent',
    'no-upload': 'agreed',
  };
  for (const fault of hostFaults) {
    it(
      `${fault}: ${expected[fault]}`,
      async () => {
        await finishedAsUndisturbed(fault);
        const liar = liars.get(fault)!;
        expect(await verdictsOn(liar, coupleOf(fault))).toEqual(both(expected[fault]));
        expect(await conductOn(liar, coupleOf(fault))).toEqual(both(expected[fault]));
        for (const host of honest) expect(await verdictsOn(host, coupleOf(fault))).toEqual(both('agreed'));
      },
      withinMs,
    );
  }
});
