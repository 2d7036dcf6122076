import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inviteHosts } from '@veritrain/member/datasets';
import { joinInstances } from '@veritrain/member/instances';
import { registerModel } from '@veritrain/member/models';
import { isVeritrainError } from '@veritrain/client-sdk';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { digestOf, getSealed } from '@veritrain/client-sdk/vault';
import { defineProgram, encodeProgram } from '@veritrain/training';
import { waitUntil } from '../support/couples.js';
import { coupleOf, datasetOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { documentHandle, flipByte, lose } from '../support/vaultObjects.js';
import { verdictsOn } from '../support/verdicts.js';

// The vault loses objects, or changes a byte of them, and their owner still holds them: they are refused by their
// digest, put again, and the model is the undisturbed one. The stories run at the same time in one market.

const both = <T>(one: T): T[] => [one, one];

let stage: Stage;
let hospital: StoryMember;
let lab: StoryMember;
let backlab: StoryMember;
let late: StoryMember[];
let prompt: StoryMember[];

beforeAll(async () => {
  stage = await Stage.open();
  [hospital] = (await stage.join('dataOwner', 'hospital')) as [StoryMember];
  [lab, backlab] = (await stage.join('modelOwner', 'lab', 'backlab')) as [StoryMember, StoryMember];
  late = await stage.join('cloudOwner', 'late1', 'late2', 'late3');
  prompt = await stage.join('cloudOwner', 'prompt1', 'prompt2', 'prompt3');
  for (const member of [hospital, lab, ...prompt]) stage.run(member);
  stage.run(backlab, { crashAt: 'after:openRound' });
  await stage.market.agentsStarted();
}, withinMs);
afterAll(() => stage?.market.stop());

/** The code that reading an object is refused with. */
async function readFails(handle: string, digest: string): Promise<string | undefined> {
  try {
    await lab.member.market.vault.get(handle, { digest });
    return undefined;
  } catch (error) {
    if (!isVeritrainError(error)) throw error;
    return error.code;
  }
}

it.concurrent(
  'attack 36: every replica’s update, a byte changed or lost: put again by the hosts',
  async () => {
    await stage.publish('uploads', { owner: hospital, hosts: prompt });
    await stage.ask('uploads', backlab);
    const handles = await stage.uploaded('uploads', prompt);
    expect(await stage.agent(backlab).ended).toBe('SIGKILL');
    handles.forEach((handle, index) => {
      if (index % 2 === 0) flipByte(stage.market, handle);
      else lose(stage.market, handle);
    });
    const lostBy = (host: StoryMember): unknown[] =>
      stage.agent(host).lines.flatMap(({ code, what }) => (code === 'VT9206' ? [what] : []));
    // One replica is enough for the model owner: it comes back when all of them are mended.
    const areMended = (): Promise<boolean> =>
      Promise.resolve(prompt.every((host) => lostBy(host).length > 1));
    await waitUntil('every host has put its updates again', areMended, withinMs);
    stage.run(backlab);
    await stage.finishedAsUndisturbed('uploads', hospital, backlab);
    for (const host of prompt) {
      expect(await verdictsOn(host, coupleOf('uploads'))).toEqual(both('agreed'));
      expect(lostBy(host)).toEqual(both('update'));
    }
  },
  withinMs,
);

it.concurrent(
  'attack 36: packages, a host’s own copies of them, the model, the program and the homomorphic key',
  async () => {
    await offerWithDamagedPackages('changed', late);
    // A program of its own: the other stories read theirs while this one's is lost.
    const { terms } = await stage.ask('changed', lab, { rounds: 2, program: { lambda: 0.5 } });
    const { modelHandle, modelDigest } = await stage.started('changed', lab);
    const key = documentHandle(terms.heKeyDigest!);
    const read = ({ member }: StoryMember): Promise<Uint8Array> =>
      getSealed(member.market, modelHandle, { digest: modelDigest });
    expect(digestOf(await read(late[0]!))).toBe(modelDigest);
    // Hosts of other datasets find the model, and cannot open it.
    await expect(read(prompt[0]!)).rejects.toMatchObject({ code: 'VT8202' });
    flipByte(stage.market, modelHandle);
    flipByte(stage.market, key);
    lose(stage.market, documentHandle(terms.programDigest));
    await expect(read(late[0]!)).rejects.toMatchObject({ code: 'VT8202' });
    expect(await readFails(key, terms.heKeyDigest!)).toBe('VT8202');
    damageOwnCopies(late[0]!, 'changed');
    for (const host of late) stage.run(host);
    await stage.finishedAsUndisturbed('changed', hospital, lab);
    const lost = stage.agent(lab).lines.filter(({ code }) => code === 'VT9206');
    expect(lost.map(({ what }) => what).sort()).toEqual(['homomorphic public key', 'model', 'program']);
    for (const host of late)
      expect(await verdictsOn(host, coupleOf('changed'))).toEqual([...both('agreed'), ...both('agreed')]);
  },
  withinMs,
);

it.concurrent(
  'attack 36: a template: put again by the data owner',
  async () => {
    const templateDigest = await stage.publishOpen('template', hospital);
    const handle = documentHandle(templateDigest);
    flipByte(stage.market, handle);
    expect(await readFails(handle, templateDigest)).toBe('VT8202');
    const isBack = async (): Promise<boolean> => (await readFails(handle, templateDigest)) === undefined;
    await waitUntil('the template is back', isBack, withinMs);
  },
  withinMs,
);

it.concurrent(
  'attack 36: the place of a program, which anyone can foresee, is taken: its owner takes it back',
  async () => {
    const program = defineProgram({ lambda: 0.125 });
    const programDigest = digestOf(encodeProgram(program));
    const rubbish = Buffer.from('rubbish');
    await backlab.member.market.vault.put(rubbish, { handle: documentHandle(programDigest) });
    expect(await readFails(documentHandle(programDigest), programDigest)).toBe('VT8202');
    const { model } = await registerModel(lab.member, { program }, {});
    expect(model.programDigest).toBe(programDigest);
    expect(await readFails(documentHandle(programDigest), programDigest)).toBeUndefined();
  },
);

/** Each package is changed by a byte: the host refuses it, the slot stays open, and inviting again mends it. */
async function offerWithDamagedPackages(story: string, hosts: StoryMember[]): Promise<void> {
  await stage.publishOpen(story, hospital);
  const { member } = hospital;
  const datasetId = datasetOf(story);
  const assignments = hosts.flatMap(({ participantId }, slot) =>
    [0, 1].map((subset) => ({ instanceId: instanceIdOf(datasetId, subset, slot), participantId })),
  );
  const input = { datasetId, assignments, expiresAt: Date.now() + 3_600_000 };
  const files = await inviteHosts(member, input, {});
  for (const { participantId } of hosts) {
    for (const subset of ['0', '1'])
      flipByte(stage.market, member.market.keyring.handle('package', datasetId, subset, participantId));
  }
  for (const [slot, host] of hosts.entries()) {
    await expect(joinInstances(host.member, files[slot]!, {})).rejects.toMatchObject({ code: 'VT8401' });
    const { state } = await host.member.market.instances.get({
      instanceId: instanceIdOf(datasetId, 0, slot),
    });
    expect(state).toBe('open');
  }
  await inviteHosts(member, input, {});
  for (const [slot, host] of hosts.entries()) await joinInstances(host.member, files[slot]!, {});
}

/** One is changed by a byte, the other lost. */
function damageOwnCopies({ member }: StoryMember, story: string): void {
  const [changed, lost] = [0, 1].map(
    (subset) => member.home.instance(instanceIdOf(datasetOf(story), subset, 0)).packagePath,
  );
  const bytes = readFileSync(changed!);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(changed!, bytes);
  rmSync(lost!);
}
