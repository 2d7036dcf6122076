import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyInstances } from '@veritrain/member/datasets';
import { trainedModelFile } from '@veritrain/member/models';
import { getPublicDocument, putPublicDocument } from '@veritrain/member/vault';
import { jobIdOf } from '@veritrain/client-sdk/protocol';
import { ended, offer, ready, request, waitUntil } from '../support/couples.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';
import { conductOn, outcomesOf, roundsOf, verdictsOn } from '../support/verdicts.js';

// What happens when an owner, or a majority of hosts, lies or is silent: every couple ends by rule, nobody waits for
// ever. All couples of this file run at the same time in one market; each test waits for its own.

/** On the slowest machine that a market adapts to, its last deadline is after 7 minutes. */
const withinMs = 900_000;

let market: StoryMarket;
const members = new Map<string, StoryMember>();
const of = (name: string): StoryMember => members.get(name)!;
const all = (...names: string[]): StoryMember[] => names.map(of);

/** Name, role, fault. */
const cast: [string, 'dataOwner' | 'cloudOwner' | 'modelOwner', string?][] = [
  ['hospital', 'dataOwner'],
  ['secretive', 'dataOwner', 'withhold-link'],
  ['lab', 'modelOwner'],
  ['wronglab', 'modelOwner', 'wrong-digest'],
  ['mutelab', 'modelOwner', 'never-close'],
  ['stingylab', 'modelOwner', 'withhold-model'],
  ['honest1', 'cloudOwner'],
  ['honest2', 'cloudOwner'],
  ['honest3', 'cloudOwner'],
  ['mute1', 'cloudOwner', 'no-upload'],
  ['mute2', 'cloudOwner', 'no-upload'],
  ['cutter1', 'cloudOwner', 'truncated'],
  ['cutter2', 'cloudOwner', 'truncated'],
];
const honest = (): StoryMember[] => all('honest1', 'honest2', 'honest3');
const coupleOf = (story: string): string => `tc_${story}`;

beforeAll(async () => {
  market = await StoryMarket.start({ tickPeriodMs: 600 });
  for (const [name, role] of cast) members.set(name, await market.join(name, [role]));
  openSecondVault();
  for (const name of ['unserved1', 'unserved2'])
    members.set(name, await market.join(name, ['cloudOwner'], { vault: secondVault() }));
  for (const name of ['absentee', 'gone']) {
    members.set(name, await market.join(name, [name === 'gone' ? 'modelOwner' : 'dataOwner']));
  }
  for (const [name, , fault] of cast) market.run(of(name), fault === undefined ? {} : { fault });
  for (const host of all('unserved1', 'unserved2')) market.run(host);
  await market.agentsStarted();
  await Promise.all([
    tell('wrongdigest', honest(), { modelOwner: of('wronglab') }),
    tell('neverclose', honest(), { modelOwner: of('mutelab') }),
    tell('withheld', honest(), { modelOwner: of('stingylab'), rounds: 2 }),
    tell('unpublished', all('mute1', 'mute2', 'cutter1')),
    tell('truncated', all('cutter1', 'cutter2', 'honest1')),
    tell('latedraw', honest(), { owner: of('secretive'), spareAttempts: 1 }),
    tell('abandoned', honest(), { modelOwner: of('gone'), idleMs: market.paceMs }),
    neverAnswered(),
  ]);
  await serveSomeOnly();
}, withinMs);
afterAll(() => market?.stop());

interface Story {
  owner?: StoryMember;
  modelOwner?: StoryMember;
  rounds?: number;
  spareAttempts?: number;
  idleMs?: number;
}

async function publish(story: string, hosts: StoryMember[], owner = of('hospital')): Promise<string> {
  const datasetId = `ds_${story}`;
  const least = market.paceMs;
  const deadlines = {
    verifyMs: 10 * least,
    noticeMs: least,
    answerMs: least,
    startMs: least,
    commitMs: 2 * least,
    uploadMs: 3 * least,
    closeMs: 4 * least,
    revealMs: 5 * least,
    attestMs: 6 * least,
  };
  await offer(market, owner, { datasetId, subsets: 2, replicas: hosts.length, hosts, deadlines });
  return datasetId;
}

async function tell(story: string, hosts: StoryMember[], options: Story = {}): Promise<void> {
  const { owner = of('hospital'), modelOwner = of('lab'), rounds = 1, spareAttempts = 0 } = options;
  const datasetId = await publish(story, hosts, owner);
  const { idleMs = 600_000 } = options;
  await request(modelOwner, {
    coupleId: coupleOf(story),
    datasetId,
    rounds,
    spareAttempts,
    subsetsPerRound: 2,
    idleMs,
  });
}

const secondVault = (): string => join(market.folder, 'second-vault');

/** Two hosts see the market's vault through a folder of their own. */
function openSecondVault(): void {
  mkdirSync(market.vault, { recursive: true });
  symlinkSync(market.vault, secondVault());
}

/** From now on they see what is there, and the couple's key, but no model: the vault serves it to one host of three. */
async function serveSomeOnly(): Promise<void> {
  const hosts = all('honest1', 'unserved1', 'unserved2');
  const datasetId = await publish('somehosts', hosts);
  await ready(of('lab'), datasetId);
  rmSync(secondVault());
  cpSync(market.vault, secondVault(), { recursive: true });
  const { terms } = await request(of('lab'), {
    coupleId: coupleOf('somehosts'),
    datasetId,
    rounds: 1,
    subsetsPerRound: 2,
  });
  const lab = of('lab');
  const key = await getPublicDocument(lab.member.market, {
    digest: terms.heKeyDigest!,
    ownerId: lab.participantId,
  });
  await putPublicDocument(of('unserved1').member.market, key);
}

/** A data owner that verified its hosts and then went away. */
async function neverAnswered(): Promise<void> {
  await publish('unanswered', honest(), of('absentee'));
  await verifyInstances(of('absentee').member, { datasetId: 'ds_unanswered' }, {});
  await request(of('lab'), {
    coupleId: coupleOf('unanswered'),
    datasetId: 'ds_unanswered',
    rounds: 1,
    idleMs: market.paceMs,
  });
}

const both = <T>(one: T): T[] => [one, one];

describe('a model owner misbehaves', () => {
  it(
    'wrong digest: contested, hosts reveal theirs, forfeited by the tally',
    async () => {
      const coupleId = coupleOf('wrongdigest');
      expect((await ended(of('lab'), coupleId, withinMs)).state).toBe('finished');
      expect(await outcomesOf(of('lab'), coupleId)).toEqual(both('forfeited'));
      const [round] = await roundsOf(of('lab'), coupleId);
      expect(round!.reveals).toHaveLength(6);
      for (const settlement of round!.settlements) {
        const revealed = round!.reveals.filter(({ subsetIndex }) => subsetIndex === settlement.subsetIndex);
        expect(new Set(revealed.map(({ digest }) => digest))).toEqual(new Set([settlement.digest]));
        expect(settlement.claim).not.toBe(settlement.digest);
      }
      expect(trainedModelFile(of('wronglab').member.home, coupleId).read()?.rounds).toBe(0);
    },
    withinMs,
  );

  it(
    'never closes: unclosed is written against it, and it gains no model',
    async () => {
      const coupleId = coupleOf('neverclose');
      await ended(of('lab'), coupleId, withinMs);
      expect(await outcomesOf(of('lab'), coupleId)).toEqual(both('forfeited'));
      expect(await conductOn(of('mutelab'), coupleId)).toEqual(both('unclosed'));
      expect(trainedModelFile(of('mutelab').member.home, coupleId).read()?.rounds).toBe(0);
    },
    withinMs,
  );

  it(
    'attacks 33 and 48: withholds the model: hosts are excused, and each started round is used and never given back',
    async () => {
      const coupleId = coupleOf('withheld');
      const couple = await ended(of('lab'), coupleId, withinMs);
      expect(couple.startedRounds).toBe(2);
      expect(await outcomesOf(of('lab'), coupleId)).toEqual([...both('void'), ...both('void')]);
      for (const host of honest()) {
        expect(new Set(await verdictsOn(host, coupleId))).toEqual(new Set(['excused']));
        expect(await conductOn(host, coupleId)).toEqual([]);
      }
      let { releasedRounds } = couple;
      await waitUntil('the owner has settled its rounds', async () => {
        ({ releasedRounds } = await of('lab').member.market.couples.get({ coupleId }));
        return releasedRounds !== null;
      });
      expect(releasedRounds).toBe(0);
    },
    withinMs,
  );

  it(
    'attack 1: the model is served to one host of three: the subset is void, and its update is never uploaded',
    async () => {
      const coupleId = coupleOf('somehosts');
      await ended(of('lab'), coupleId, withinMs);
      expect(await outcomesOf(of('lab'), coupleId)).toEqual(both('void'));
      expect(await verdictsOn(of('honest1'), coupleId)).toEqual(both('void'));
      for (const host of all('unserved1', 'unserved2')) {
        expect(await verdictsOn(host, coupleId)).toEqual(both('excused'));
        expect(await conductOn(host, coupleId)).toEqual([]);
      }
      const [round] = await roundsOf(of('lab'), coupleId);
      const { vault, keyring } = of('honest1').member.market;
      const committed = round!.jobs.filter(({ state }) => state === 'committed');
      expect(committed).toHaveLength(2);
      for (const { subsetIndex, slot } of committed) {
        const handle = keyring.handle('update', jobIdOf(coupleId, 1, subsetIndex, slot));
        expect(await vault.has(handle)).toBe(false);
      }
    },
    withinMs,
  );

  it(
    'attack 33: goes away: the couple is cancelled once it rested too long, and the rounds are given back',
    async () => {
      const coupleId = coupleOf('abandoned');
      expect((await ended(of('lab'), coupleId, withinMs)).state).toBe('cancelled');
      await waitUntil('the rounds are given back', async () => {
        const { releasedRounds } = await of('lab').member.market.couples.get({ coupleId });
        return releasedRounds === 1;
      });
    },
    withinMs,
  );
});

describe('a data owner misbehaves', () => {
  it(
    'attack 14: opens no link: late draws are written against it, and the couple ends after its attempts',
    async () => {
      const coupleId = coupleOf('latedraw');
      const couple = await ended(of('lab'), coupleId, withinMs);
      expect(couple).toMatchObject({ state: 'finished', attempts: 2, startedRounds: 0 });
      expect(await conductOn(of('secretive'), coupleId)).toEqual(both('lateDraw'));
    },
    withinMs,
  );

  it(
    'never answers: the request is cancelled once the answer is overdue',
    async () => {
      const couple = await ended(of('lab'), coupleOf('unanswered'), withinMs);
      expect(couple).toMatchObject({ state: 'cancelled', dataOwnerChain: null });
    },
    withinMs,
  );
});

describe('a majority of a subset’s hosts misbehaves', () => {
  it(
    'attack 2: commit and upload nothing: undelivered, forfeited, not paid',
    async () => {
      const coupleId = coupleOf('unpublished');
      await ended(of('lab'), coupleId, withinMs);
      const [round] = await roundsOf(of('lab'), coupleId);
      expect(round!.settlements.map(({ claim }) => claim)).toEqual(both('undelivered'));
      expect(await outcomesOf(of('lab'), coupleId)).toEqual(both('forfeited'));
      expect(await conductOn(of('mute1'), coupleId)).toEqual(both('forfeited'));
    },
    withinMs,
  );

  it(
    'attack 47: commit to truncated updates: nothing is paid, no honest host is convicted, and nothing of them is in the model',
    async () => {
      const coupleId = coupleOf('truncated');
      expect((await ended(of('lab'), coupleId, withinMs)).state).toBe('finished');
      expect(await outcomesOf(of('lab'), coupleId)).toEqual(both('forfeited'));
      const [round] = await roundsOf(of('lab'), coupleId);
      expect(round!.settlements.map(({ claim }) => claim)).toEqual(both('undelivered'));
      expect(await verdictsOn(of('honest1'), coupleId)).toEqual(both('forfeited'));
      for (const host of all('honest1', 'cutter1', 'cutter2'))
        expect(await conductOn(host, coupleId)).toEqual(both('forfeited'));
      expect(trainedModelFile(of('lab').member.home, coupleId).read()?.rounds).toBe(0);
    },
    withinMs,
  );
});
