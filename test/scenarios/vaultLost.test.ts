import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveCouple } from '@veritrain/member/couples';
import { verifyInstances } from '@veritrain/member/datasets';
import { trainedModelFile } from '@veritrain/member/models';
import { ended } from '../support/couples.js';
import { coupleOf, datasetOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { documentHandle, lose, loseIfThere, updateHandles } from '../support/vaultObjects.js';
import { conductOn, outcomesOf, roundsOf, verdictsOn } from '../support/verdicts.js';

// The vault loses what nobody holds any more: each couple ends by rule, and nobody waits for ever. The stories run at
// the same time in one market.

const both = <T>(one: T): T[] => [one, one];

let stage: Stage;
let hosts: StoryMember[];
let doomed: StoryMember[];

beforeAll(async () => {
  stage = await Stage.open();
  const [hospital, careful] = (await stage.join('dataOwner', 'hospital', 'careful', 'absent')) as [
    StoryMember,
    StoryMember,
  ];
  const dying = await stage.join('modelOwner', 'encryptedlab', 'plainlab', 'gonelab');
  const [replaylab] = (await stage.join('modelOwner', 'replaylab', 'blindlab')) as [StoryMember];
  hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
  doomed = await stage.join('cloudOwner', 'doomed1', 'doomed2', 'doomed3');
  for (const member of [hospital, ...hosts, ...doomed]) stage.run(member);
  stage.run(careful, { approve: 'manual' });
  for (const member of dying) stage.run(member, { crashAt: 'after:openRound' });
  stage.run(replaylab, { crashAt: 'before:applyUpdates:2' });
  await stage.market.agentsStarted();
}, withinMs);
afterAll(() => stage?.market.stop());

it.concurrent(
  'attack 36: the updates of a round, encrypted and plain: undelivered after the upload deadline, forfeited by the tally',
  async () => {
    const kinds = ['encrypted', 'plain'] as const;
    for (const protection of kinds) {
      await stage.publish(protection, { owner: stage.of('hospital'), hosts: doomed, pace: 'short' });
      await stage.ask(protection, stage.of(`${protection}lab`), { program: { protection } });
    }
    const handles = await Promise.all(kinds.map((kind) => stage.uploaded(kind, doomed)));
    await Promise.all(doomed.map((host) => stage.agent(host).stop('SIGKILL')));
    for (const handle of handles.flat()) lose(stage.market, handle);
    for (const kind of kinds) stage.run(stage.of(`${kind}lab`));
    for (const kind of kinds) {
      const lab = stage.of(`${kind}lab`);
      expect((await ended(lab, coupleOf(kind), withinMs)).state).toBe('finished');
      const [round] = await roundsOf(lab, coupleOf(kind));
      expect(round!.settlements.map(({ claim }) => claim)).toEqual(both('undelivered'));
      expect(round!.settlements.map(({ outcome }) => outcome)).toEqual(both('forfeited'));
      expect(trainedModelFile(lab.member.home, coupleOf(kind)).read()?.rounds).toBe(0);
    }
  },
  withinMs,
);

it.concurrent(
  'attack 36: settled updates, and the model owner’s own state: left out, and so is what was trained on them',
  async () => {
    const lab = stage.of('replaylab');
    await stage.publish('replay', { owner: stage.of('hospital'), hosts, pace: 'short' });
    await stage.ask('replay', lab, { rounds: 3 });
    expect(await stage.agent(lab).ended).toBe('SIGKILL');
    // Hosts take away what is settled once the next round is open, which a slow machine lets them come to.
    for (const handle of updateHandles(await stage.started('replay', lab), hosts))
      loseIfThere(stage.market, handle);
    rmSync(lab.member.home.couple(coupleOf('replay')).statePath);
    const agent = stage.run(lab);
    await stage.saysInHealth(lab, { kind: 'update' });
    expect((await ended(lab, coupleOf('replay'), withinMs)).state).toBe('finished');
    const leftOut = agent.lines.filter(({ code }) => code?.startsWith('VT920') === true);
    expect(leftOut.map(({ code, attempt }) => `${code!} ${attempt!.toString()}`)).toEqual([
      'VT9206 1',
      'VT9206 1',
      'VT9207 2',
    ]);
    // Nothing of the first two rounds is in the model; the third trained on it as it was.
    expect(await outcomesOf(lab, coupleOf('replay'))).toEqual(Array.from({ length: 6 }, () => 'agreed'));
    expect(trainedModelFile(lab.member.home, coupleOf('replay')).read()?.rounds).toBe(1);
  },
  withinMs,
);

it.concurrent(
  'attack 36: the homomorphic key, of a model owner that is gone: hosts are excused, and the couple is cancelled',
  async () => {
    const careful = stage.of('careful');
    await stage.publish('gone', { owner: careful, hosts, pace: 'short' });
    const lab = stage.of('gonelab');
    const { coupleId, terms } = await stage.ask('gone', lab, { idleMs: stage.market.paceMs });
    lose(stage.market, documentHandle(terms.heKeyDigest!));
    await approveCouple(careful.member, { coupleId }, {});
    await stage.saysInHealth(hosts[0]!, { kind: 'model', attempt: 1, code: 'VT8201' });
    expect((await ended(lab, coupleId, withinMs)).state).toBe('cancelled');
    expect(await outcomesOf(lab, coupleId)).toEqual(both('void'));
    for (const host of hosts) {
      expect(await verdictsOn(host, coupleId)).toEqual(both('excused'));
      expect(await conductOn(host, coupleId)).toEqual([]);
    }
  },
  withinMs,
);

it.concurrent(
  'attack 36: a template, of a data owner that is gone: the model owner says so, and cancels the couple once it rested too long',
  async () => {
    const { member: owner } = stage.of('absent');
    const lab = stage.of('blindlab');
    await stage.publish('blind', { owner: stage.of('absent'), hosts });
    await verifyInstances(owner, { datasetId: datasetOf('blind') }, {});
    const { coupleId } = await stage.ask('blind', lab, { idleMs: stage.market.paceMs });
    await approveCouple(owner, { coupleId }, {});
    const { templateDigest } = await owner.market.datasets.get({ datasetId: datasetOf('blind') });
    lose(stage.market, documentHandle(templateDigest));
    rmSync(lab.member.home.documentPath(templateDigest));
    stage.run(lab);
    await stage.saysInHealth(lab, { kind: 'documents', code: 'VT8201' });
    expect((await ended(lab, coupleId, withinMs)).state).toBe('cancelled');
  },
  withinMs,
);
