import {
  instanceIdOf,
  joinTokenMessage,
  mostSubsetsPerRound,
  newId,
  packageCommitment,
  subsetsPerVerification,
  type DatasetDeadlines,
  type MarketSettings,
} from '@veritrain/client-sdk';
import type { Member } from '../preparedMarket.js';
import { digestFor } from './digests.js';
import type { Stage } from './stage.js';

const tokenLifetimeMs = 86_400_000;
const generation = 1;

/** Offers a dataset, has hosts join all its slots and verifies them. Host i holds slot i of every subset. */
export async function offerDataset(stage: Stage): Promise<string> {
  const { cast, shape, settings, submit } = stage;
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
      mostSubsetsPerRound,
      mostIdleMs: settings.mostDeadlineMs,
      protections: ['encrypted'],
    },
    deadlines: longestDeadlines(settings),
  });
  const subsets = Array.from({ length: shape.subsets }, (_, subsetIndex) => subsetIndex);
  await Promise.all(subsets.flatMap((subsetIndex) => joinSubset(stage, datasetId, subsetIndex)));
  const packages = subsets.map((subsetIndex) => ({
    subsetIndex,
    packageDigest: packageDigest(datasetId, subsetIndex),
  }));
  const chunk = subsetsPerVerification(shape.replicas);
  for (let at = 0; at < packages.length; at += chunk) {
    await submit(dataOwner, 'VerifyInstances', { datasetId, packages: packages.slice(at, at + chunk) });
  }
  return datasetId;
}

/** So that no couple ends by a deadline, however slow the ledger is. */
function longestDeadlines({ mostDeadlineMs }: MarketSettings): DatasetDeadlines {
  const step = Math.floor(mostDeadlineMs / 5);
  return {
    verifyMs: mostDeadlineMs,
    noticeMs: mostDeadlineMs,
    answerMs: mostDeadlineMs,
    startMs: mostDeadlineMs,
    commitMs: step,
    uploadMs: 2 * step,
    closeMs: 3 * step,
    revealMs: 4 * step,
    attestMs: 5 * step,
  };
}

const packageDigest = (datasetId: string, subsetIndex: number): string =>
  digestFor(`package ${datasetId} ${subsetIndex}`);

function joinSubset(stage: Stage, datasetId: string, subsetIndex: number): Promise<unknown>[] {
  return stage.cast.hosts
    .slice(0, stage.shape.replicas)
    .map((host, slot) => join(stage, host, { datasetId, subsetIndex, slot }));
}

interface Slot {
  readonly datasetId: string;
  readonly subsetIndex: number;
  readonly slot: number;
}

/** A host takes a slot with the data owner's token. */
function join({ cast, submit }: Stage, host: Member, at: Slot): Promise<unknown> {
  const { place, dataOwner } = cast;
  const { participantId, keyring } = host;
  const instanceId = instanceIdOf(at.datasetId, at.subsetIndex, at.slot);
  const expiresAt = Date.now() + tokenLifetimeMs;
  const nonce = keyring.packageNonce(instanceId, generation);
  return submit(host, 'JoinInstance', {
    instanceId,
    generation,
    expiresAt,
    token: dataOwner.keyring.sign(
      joinTokenMessage({ ...place, ...at, generation, participantId, expiresAt }),
    ),
    nonce,
    commitment: packageCommitment(
      { ...place, instanceId, generation, participantId, nonce },
      packageDigest(at.datasetId, at.subsetIndex),
    ),
  });
}
