import { randomBytes } from 'node:crypto';
import type { Cast, Member } from '../preparedMarket.js';
import { digestFor } from '../story/digests.js';
import type { OamShape } from './shape.js';
import type { OamAsset, OamSubmit } from './submit.js';

/** The common settings of one worker's couples. */
export interface OamStage {
  readonly cast: Pick<Cast, 'dataOwner' | 'modelOwner' | 'hosts'>;
  readonly shape: OamShape;
  /** A cloud owner's sealed location, with the same length as ours. */
  readonly sealedLocation: string;
  readonly submit: OamSubmit;
}

/** A cloud owner, with its identifier from the contract. */
interface CloudOwner {
  readonly member: Member;
  readonly id: string;
}

/** A copy of a subset. */
interface Copy {
  readonly cloudOwner: CloudOwner;
  readonly dssId: string;
  readonly ciId: string;
}

/**
 * A couple of OAM's flow, from the creation of its members to the payment. Different members act at the same time if
 * possible. One member sends its own calls one after another if they would conflict.
 */
export async function playOamCouple(stage: OamStage): Promise<void> {
  const { cast, shape, submit } = stage;
  const { dataOwner, modelOwner } = cast;
  const [copies, mod] = await Promise.all([distribute(stage), offerModel(stage)]);
  const { dsId } = copies;
  const { id: tcId } = await submit(modelOwner, 'RequestTC', { dsId, modId: mod.id });
  await submit(dataOwner, 'ApproveTC', { tcId });
  for (let round = 1; round <= shape.rounds; round += 1) await playRound(stage, tcId, copies.all);
  await submit(modelOwner, 'EndTC', { tcId });
  await submit(modelOwner, 'PayTC', { tcId });
}

/** The hash of an object that does not exist, and the nonce in it. */
function hashed(): { readonly hash: string; readonly nonce: string } {
  const nonce = randomBytes(16).toString('hex');
  return { hash: digestFor(nonce), nonce };
}

const create = (submit: OamSubmit, member: Member, name: 'createDO' | 'createMO' | 'createCO') =>
  submit(member, name, { name: member.identity, organization: member.mspId });

async function offerModel({ cast: { modelOwner }, submit }: OamStage): Promise<OamAsset> {
  const { id: moId } = await create(submit, modelOwner, 'createMO');
  return submit(modelOwner, 'CreateMod', {
    moId,
    type: 'linear regression',
    url: digestFor('program'),
    trainingMethod: digestFor('method'),
    hash: digestFor('model'),
  });
}

/** A dataset whose copies are all verified. Cloud owner i holds copy i of every subset. */
async function distribute(stage: OamStage): Promise<{ readonly dsId: string; readonly all: Copy[] }> {
  const { cast, shape, submit } = stage;
  const [{ id: doId }, ...cloudOwners] = await Promise.all([
    create(submit, cast.dataOwner, 'createDO'),
    ...cast.hosts
      .slice(0, shape.replicas)
      .map(async (member) => ({ member, ...(await create(submit, member, 'createCO')) })),
  ] as const);
  const { id: dsId } = await submit(cast.dataOwner, 'CreateDS', { doId });
  const subsets: string[] = [];
  // Each of them appends to the dataset's list.
  for (let at = 0; at < shape.subsets; at += 1)
    subsets.push((await submit(cast.dataOwner, 'CreateDSS', { dsId })).id);
  const all = await Promise.all(subsets.map((dssId) => distributeSubset(stage, dssId, cloudOwners)));
  return { dsId, all: all.flat() };
}

async function distributeSubset(
  { cast: { dataOwner }, submit }: OamStage,
  dssId: string,
  cloudOwners: readonly CloudOwner[],
): Promise<Copy[]> {
  const copies: Copy[] = [];
  // Each of them appends to the subset's list.
  for (const cloudOwner of cloudOwners) {
    const { id: ciId } = await submit(dataOwner, 'CreateCI', { dssId, coId: cloudOwner.id });
    copies.push({ cloudOwner, dssId, ciId });
  }
  await Promise.all(
    copies.map(async ({ cloudOwner, ciId }) => {
      await submit(cloudOwner.member, 'JoinCI', { ciId, ...hashed() });
      await submit(dataOwner, 'VerifyCI', { ciId });
    }),
  );
  return copies;
}

/** The chosen cloud owners answer at the same time, since none of them knows of another. */
async function playRound(
  { cast, submit, sealedLocation: location }: OamStage,
  tcId: string,
  copies: readonly Copy[],
): Promise<void> {
  const { curDssIds = [] } = await submit(cast.modelOwner, 'StartRound', { tcId });
  const chosen = copies.filter(({ dssId }) => curDssIds.includes(dssId));
  await Promise.all(
    chosen.map(({ cloudOwner, ciId }) =>
      submit(cloudOwner.member, 'UpdateTJ', { tcId, ciId, ...hashed(), location }),
    ),
  );
}
