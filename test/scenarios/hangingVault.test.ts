import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoundView } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { digestOf, newHandle } from '@veritrain/client-sdk/vault';
import { ended, waitUntil } from '../support/couples.js';
import { SilentServer } from '../support/silentServer.js';
import { coupleOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { pipeAt } from '../support/vaultObjects.js';
import { conductOn, verdictsOn } from '../support/verdicts.js';

// What the vault gives never comes, or is far too much: hosts report in time and are excused, couples beside go on, and
// whoever is told to stop stops.

const both = <T>(one: T): T[] => [one, one];

let stage: Stage;
let silent: SilentServer;
let hosts: StoryMember[];
let served: StoryMember[];
let [owner, lab, deaf]: (StoryMember | undefined)[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  silent = await SilentServer.start();
  [owner] = await stage.join('dataOwner', 'hospital');
  [lab, deaf] = await stage.join('modelOwner', 'lab', 'deaf', 'piper', 'giant', 'mute');
  hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
  served = await stage.join('cloudOwner', 'cut1', 'cut2', 'cut3');
  await stage.publish('shared', { owner: owner!, hosts, pace: 'long' });
  for (const story of ['piped', 'giant']) await stage.publish(story, { owner: owner!, hosts, pace: 'short' });
  await stage.publish('cut', { owner: owner!, hosts: served, pace: 'short' });
  for (const member of [owner!, lab!, ...hosts]) stage.run(member);
  for (const host of served) {
    silent.serve(host.profile);
    stage.run(host);
  }
  await stage.market.agentsStarted();
}, withinMs);
afterAll(async () => {
  silent?.stop();
  await stage?.market.stop();
});

/** A model owner without an agent opens its first round by hand, with what lies at this handle for a model. */
async function open(
  story: string,
  modelOwner: StoryMember,
  handle: string,
  model: Uint8Array,
): Promise<RoundView> {
  const { coupleId, terms } = await stage.ask(story, modelOwner, { program: { protection: 'plain' } });
  const { market } = modelOwner.member;
  const { couples, rounds } = market;
  const isApproved = async (): Promise<boolean> => (await couples.get({ coupleId })).state === 'approved';
  await waitUntil(`${story} is approved`, isApproved, withinMs);
  const link = ownDrawChain(market, 'modelOwner', coupleId, terms).link(1);
  await rounds.open({ coupleId, attempt: 1, modelDigest: digestOf(model), modelHandle: handle, link });
  return stage.started(story, modelOwner);
}

/** All hosts have said that they could not have the model; nothing of that is held against them. */
async function areExcused(story: string, modelOwner: StoryMember, judged: StoryMember[]): Promise<void> {
  const [coupleId, attempt] = [coupleOf(story), 1];
  const { rounds } = modelOwner.member.market;
  const haveReported = async (): Promise<boolean> =>
    (await rounds.get({ coupleId, attempt })).subsets.every(({ reports }) => reports === judged.length);
  await waitUntil(`all hosts of ${story} have reported`, haveReported, withinMs);
  const { drawn } = await rounds.get({ coupleId, attempt });
  const results = drawn.map(({ subsetIndex }) => ({ subsetIndex, claim: 'undelivered' as const }));
  await rounds.close({ coupleId, attempt, results });
  for (const host of judged) {
    expect(await verdictsOn(host, coupleId)).toEqual(both('excused'));
    expect(await conductOn(host, coupleId)).toEqual([]);
  }
}

it.concurrent(
  'attack 39: a pipe lies where the model should: hosts report in time, and couples beside go on',
  async () => {
    const handle = newHandle();
    pipeAt(stage.market, handle);
    await open('piped', stage.of('piper'), handle, Buffer.from('no model'));
    await stage.ask('beside', lab!, { datasetId: 'ds_shared' });
    expect((await ended(lab!, coupleOf('beside'), withinMs)).state).toBe('finished');
    await areExcused('piped', stage.of('piper'), hosts);
  },
  withinMs,
);

it.concurrent(
  'attack 40: a model far larger than any: hosts report before they fetch it',
  async () => {
    const giant = stage.of('giant');
    const model = randomBytes(8_000_000);
    const { vault, keyring } = giant.member.market;
    const keys = hosts.map(({ member }) => member.market.keyring.encryptionKey);
    const { handle } = await vault.put(await keyring.sealObject(keys, model), { sealed: true });
    await open('giant', giant, handle, model);
    await areExcused('giant', giant, hosts);
    for (const host of hosts)
      expect(stage.agent(host).lines.filter(({ code }) => code === 'VT8205').length).toBeGreaterThan(0);
  },
  withinMs,
);

it.concurrent(
  'attack 60: a vault whose server never answers: hosts report in time',
  async () => {
    await open('cut', stage.of('mute'), newHandle(), Buffer.from('no model'));
    await areExcused('cut', stage.of('mute'), served);
    expect(silent.wasAsked).toBe(true);
  },
  withinMs,
);

it.concurrent(
  'attack 60: a model owner whose vault never answers says so, and stops when it is told to',
  async () => {
    const { coupleId } = await stage.ask('deaf', deaf!, { datasetId: 'ds_shared' });
    const { couples } = deaf!.member.market;
    const isApproved = async (): Promise<boolean> => (await couples.get({ coupleId })).state === 'approved';
    await waitUntil('the couple is approved', isApproved, withinMs);
    silent.serve(deaf!.profile);
    const agent = stage.run(deaf!);
    await stage.saysInHealth(deaf!, { kind: 'vault' });
    await agent.stop('SIGTERM');
    expect(agent.isRunning).toBe(false);
  },
  withinMs,
);

it(
  'attack 39: hosts stop when they are told to, though calls of the system hang',
  async () => {
    const handle = newHandle();
    pipeAt(stage.market, handle);
    const [last] = await stage.join('modelOwner', 'last');
    await stage.publish('last', { owner: owner!, hosts, pace: 'long' });
    await open('last', last!, handle, Buffer.from('no model'));
    await Promise.all([...hosts, ...served].map((host) => stage.agent(host).stop('SIGTERM')));
    for (const host of [...hosts, ...served]) expect(stage.agent(host).isRunning).toBe(false);
  },
  withinMs,
);
