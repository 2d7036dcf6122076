import { newId } from '@veritrain/client-sdk/keys';
import {
  instanceIdOf,
  joinTokenMessage,
  packageCommitment,
  subsetsPerVerification,
} from '@veritrain/client-sdk/protocol';
import { limits } from '@veritrain/client-sdk/schemas';
import { chunksOf } from '../chunks.js';
import type { Member } from '../preparedMarket.js';
import { digestFor } from './digests.js';
import type { Stage } from './stage.js';

const tokenLifetimeMs = 86_400_000;

/** The generation of every slot, since no story opens a slot again. */
export const generation = 1;

/** Offers a dataset, lets hosts join all its slots and verifies them. Host i holds slot i of every subset. */
export async function offerDataset(stage: Stage): Promise<string> {
  const datasetId = await registerDataset(stage);
  await Promise.all(slotsOf(stage, datasetId).map((slot) => join(stage, slot)));
  await verify(stage, datasetId);
  return datasetId;
}

/** Offers a dataset, whose slots are open. */
export async function registerDataset({ cast, shape, settings, deadlines, submit }: Stage): Promise<string> {
  const { place, dataOwner } = cast;
  const datasetId = newId('ds', { ...place, ownerId: dataOwner.participantId });
  await submit(dataOwner, 'RegisterDataset', {
    datasetId,
    templateDigest: digestFor('template'),
    subsets: shape.subsets,
    replicas: shape.replicas,
    lifetimeRounds: 2 * shape.rounds,
    aggregation: 'perSubset',
    requestRules: {
      mostRounds: shape.rounds,
      mostSubsetsPerRound: limits.maxSubsetsPerRound,
      mostIdleMs: settings.mostDeadlineMs,
      protections: ['encrypted'],
    },
    deadlines,
  });
  return datasetId;
}

export interface Slot {
  readonly datasetId: string;
  readonly subsetIndex: number;
  readonly slot: number;
  readonly host: Member;
}

export const instanceOf = ({ datasetId, subsetIndex, slot }: Slot): string =>
  instanceIdOf(datasetId, subsetIndex, slot);

const subsetsOf = ({ shape }: Stage): number[] =>
  Array.from({ length: shape.subsets }, (_, subsetIndex) => subsetIndex);

/** Every slot of a dataset, with its future host. */
export const slotsOf = (stage: Stage, datasetId: string): Slot[] =>
  subsetsOf(stage).flatMap((subsetIndex) =>
    stage.cast.hosts
      .slice(0, stage.shape.replicas)
      .map((host, slot) => ({ datasetId, subsetIndex, slot, host })),
  );

const packageDigest = (datasetId: string, subsetIndex: number): string =>
  digestFor(`package ${datasetId} ${subsetIndex}`);

/** A host takes a slot with the data owner's token. */
export async function join({ cast, submit }: Stage, taken: Slot): Promise<void> {
  const { place, dataOwner } = cast;
  const { datasetId, subsetIndex, slot, host } = taken;
  const { participantId, keyring } = host;
  const instanceId = instanceOf(taken);
  const expiresAt = Date.now() + tokenLifetimeMs;
  const nonce = keyring.packageNonce(instanceId, generation);
  const token = joinTokenMessage({
    ...place,
    datasetId,
    subsetIndex,
    slot,
    generation,
    participantId,
    expiresAt,
  });
  await submit(host, 'JoinInstance', {
    instanceId,
    generation,
    expiresAt,
    token: dataOwner.keyring.sign(token),
    nonce,
    commitment: packageCommitment(
      { ...place, instanceId, generation, participantId, nonce },
      packageDigest(datasetId, subsetIndex),
    ),
  });
}

async function verify(stage: Stage, datasetId: string): Promise<void> {
  const { cast, shape, submit } = stage;
  const packages = subsetsOf(stage).map((subsetIndex) => ({
    subsetIndex,
    packageDigest: packageDigest(datasetId, subsetIndex),
  }));
  for (const part of chunksOf(packages, subsetsPerVerification(shape.replicas)))
    await submit(cast.dataOwner, 'VerifyInstances', { datasetId, packages: part });
}
