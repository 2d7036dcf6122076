import { approveCouple } from '@veritrain/member/couples';
import { getPublicDocument, putPublicDocument } from '@veritrain/member/vault';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  createModelOwnerTrainer,
  decodeTemplate,
  defineProgram,
  encodeProgram,
  type Template,
} from '@veritrain/training';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ready, waitUntil } from '../support/couples.js';
import { coupleOf, datasetOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { conductOn, outcomesOf, verdictsOn } from '../support/verdicts.js';

// Model owners with clients of their own pin programs that nobody may run, on a ledger that cannot read them. A careful
// data owner does not approve; one that approves by hand, unread, finds its hosts careful.

const both = <T>(one: T): T[] => [one, one];

let stage: Stage;
let hospital: StoryMember;
let hosts: StoryMember[];

beforeAll(async () => {
  stage = await Stage.open();
  [hospital] = (await stage.join('dataOwner', 'hospital')) as [StoryMember];
  hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
  stage.run(hospital, { approve: 'manual' });
  for (const member of hosts) stage.run(member);
  await stage.market.agentsStarted();
}, withinMs);
afterAll(() => stage?.market.stop());

/** What a program in clear needs for a key. */
const noKey = new Uint8Array();
const terms = { rounds: 1, spareAttempts: 0, subsetsPerRound: 2, idleMs: 600_000 };

async function templateOf(reader: StoryMember, datasetId: string): Promise<Template> {
  const { market } = reader.member;
  const { templateDigest: digest, ownerId } = await market.datasets.get({ datasetId });
  return decodeTemplate(await getPublicDocument(market, { digest, ownerId }));
}

/** Asks for a training that the ledger calls encrypted, whatever its program is. */
async function ask(story: string, lab: StoryMember, program: Uint8Array): Promise<void> {
  await stage.publish(story, { owner: hospital, hosts });
  const { market } = lab.member;
  const programDigest = await putPublicDocument(market, program);
  const architecture = Buffer.from(JSON.stringify({ architecture: 'linear', schemaVersion: 1 }));
  const architectureDigest = await putPublicDocument(market, architecture);
  const heKeyDigest = await putPublicDocument(market, noKey);
  const modelId = `md_${story}`;
  await market.models.register({ modelId, programDigest, architectureDigest, protection: 'encrypted' });
  await ready(lab, datasetOf(story));
  const asked = { coupleId: coupleOf(story), datasetId: datasetOf(story), modelId, heKeyDigest, ...terms };
  await market.couples.request(asked);
}

/** The data owner approves unread, the model owner sends a model: every host reports, and none has a row. */
async function allReport(story: string, lab: StoryMember, model: Uint8Array): Promise<void> {
  const coupleId = coupleOf(story);
  const { anchor } = ownDrawChain(hospital.member.market, 'dataOwner', coupleId, terms);
  await hospital.member.market.couples.approve({ coupleId, anchor });
  const { vault, rounds, keyring, participants } = lab.member.market;
  const keys = await Promise.all(hosts.map(({ participantId }) => participants.get({ participantId })));
  const recipients = keys.map(({ encryptionKey }) => encryptionKey);
  const { handle } = await vault.put(await keyring.sealObject(recipients, model), { sealed: true });
  const digest = digestOf(model);
  const link = ownDrawChain(lab.member.market, 'modelOwner', coupleId, terms).link(1);
  await rounds.open({ coupleId, attempt: 1, modelDigest: digest, modelHandle: handle, link });
  const { drawn } = await stage.started(story, lab);
  const haveReported = async (): Promise<boolean> =>
    (await rounds.get({ coupleId, attempt: 1 })).subsets.every(({ reports }) => reports === 3);
  await waitUntil('all hosts have reported', haveReported, withinMs);
  const results = drawn.map(({ subsetIndex }) => ({ subsetIndex, claim: 'undelivered' as const }));
  await rounds.close({ coupleId, attempt: 1, results });
  expect(await outcomesOf(lab, coupleId)).toEqual(both('void'));
  for (const host of hosts) {
    expect(await verdictsOn(host, coupleId)).toEqual(both('excused'));
    expect(await conductOn(host, coupleId)).toEqual([]);
  }
}

it.concurrent(
  'attack 37: a program that is none is not approved, and hosts report at once and are excused',
  async () => {
    const [lab] = (await stage.join('modelOwner', 'shamlab')) as [StoryMember];
    await ask('sham', lab, Buffer.from('{"model":"none"}'));
    const approval = approveCouple(hospital.member, { coupleId: coupleOf('sham') }, {});
    await expect(approval).rejects.toMatchObject({ code: 'VT7301' });
    await allReport('sham', lab, Buffer.from('no model'));
  },
  withinMs,
);

it.concurrent(
  'attack 44: a program in clear under the word encrypted is not approved, and no host computes in clear',
  async () => {
    const [lab] = (await stage.join('modelOwner', 'clearlab')) as [StoryMember];
    const program = defineProgram({ protection: 'plain' });
    await ask('clear', lab, encodeProgram(program));
    const approval = approveCouple(hospital.member, { coupleId: coupleOf('clear') }, {});
    await expect(approval).rejects.toMatchObject({ code: 'VT9230', facts: { word: 'protection' } });
    // Everything that a host needs to compute in clear is there, and right.
    const trainer = await createModelOwnerTrainer({
      program,
      template: await templateOf(lab, datasetOf('clear')),
      secret: lab.member.market.keyring.coupleSecret(coupleOf('clear')),
      ...lab.member.market.place,
      couple: coupleOf('clear'),
    });
    await allReport('clear', lab, await trainer.modelForRound(trainer.initialState(), 1));
  },
  withinMs,
);
