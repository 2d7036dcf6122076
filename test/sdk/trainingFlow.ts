import type { Market, TrainJob } from '@veritrain/client-sdk';
import {
  decodeLocation,
  decryptObject,
  encodeLocation,
  encryptObject,
  ownDrawChain,
} from '@veritrain/client-sdk/keys';
import {
  instanceIdOf,
  joinTokenMessage,
  packageCommitment,
  updateCommitment,
} from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { quickDeadlines } from './testMarket.js';

export const terms = { rounds: 2, spareAttempts: 2 };

/** Two subsets with one replica each, held by one host. */
export async function offerDataset(owner: Market, host: Market, datasetId: string): Promise<void> {
  await owner.datasets.register({
    datasetId,
    templateDigest: digestOf(Buffer.from('template')),
    subsets: 2,
    replicas: 1,
    lifetimeRounds: 100,
    aggregation: 'perSubset',
    requestRules: { mostRounds: 10, mostSubsetsPerRound: 2, mostIdleMs: 3_600_000, protections: ['plain'] },
    deadlines: quickDeadlines,
  });
  for (const subsetIndex of [0, 1]) await joinSlot(owner, host, datasetId, subsetIndex);
  const packages = [0, 1].map((subsetIndex) => ({ subsetIndex, packageDigest: packageDigest(subsetIndex) }));
  await owner.instances.verify({ datasetId, packages });
}

export const packageDigest = (subsetIndex: number): string => digestOf(Buffer.from(`package ${subsetIndex}`));

/** The data owner signs a token, the host takes the slot with it. */
export async function joinSlot(
  owner: Market,
  host: Market,
  datasetId: string,
  subsetIndex: number,
  slot = 0,
): Promise<string> {
  const instanceId = instanceIdOf(datasetId, subsetIndex, slot);
  const participantId = host.participantId ?? '';
  const generation = 1;
  const expiresAt = Date.now() + 3_600_000;
  const place = { datasetId, subsetIndex, slot, generation, participantId, expiresAt };
  const token = owner.keyring.sign(joinTokenMessage({ ...owner.place, ...place }));
  const nonce = host.keyring.packageNonce(instanceId, generation);
  const commitment = packageCommitment(
    { ...host.place, instanceId, generation, participantId, nonce },
    packageDigest(subsetIndex),
  );
  await host.instances.join({ instanceId, generation, expiresAt, token, nonce, commitment });
  return instanceId;
}

export async function approve(owner: Market, coupleId: string): Promise<void> {
  await owner.couples.approve({ coupleId, anchor: ownDrawChain(owner, 'dataOwner', coupleId, terms).anchor });
}

/** One whole round: model out, draw, updates committed and uploaded, fetched and closed. */
export async function runRound(
  { owner, host, modelOwner }: { owner: Market; host: Market; modelOwner: Market },
  coupleId: string,
  attempt: number,
): Promise<void> {
  const model = await modelOwner.vault.put(Buffer.from(`model ${attempt}`));
  const links = {
    modelOwner: ownDrawChain(modelOwner, 'modelOwner', coupleId, terms).link(attempt),
    dataOwner: ownDrawChain(owner, 'dataOwner', coupleId, terms).link(attempt),
  };
  const { digest: modelDigest, handle: modelHandle } = model;
  await modelOwner.rounds.open({ coupleId, attempt, modelDigest, modelHandle, link: links.modelOwner });
  const { result: round } = await owner.rounds.start({ coupleId, attempt, link: links.dataOwner });
  for (const { slots } of round.drawn)
    for (const { instanceId } of slots) {
      const { object, handle, ...input } = await makeUpdate(host, modelOwner, {
        coupleId,
        attempt,
        instanceId,
      });
      await host.jobs.submitUpdate({ coupleId, attempt, instanceId, ...input });
      await host.vault.put(object, { handle });
    }
  const { jobs } = await modelOwner.rounds.get({ coupleId, attempt });
  const results = await readUpdates(modelOwner, jobs);
  await modelOwner.rounds.close({ coupleId, attempt, results });
}

/** What the model owner closes a round with, once the updates are in the vault. */
export const readUpdates = (
  modelOwner: Market,
  jobs: readonly TrainJob[],
): Promise<{ subsetIndex: number; claim: string }[]> =>
  Promise.all(
    jobs.map(async ({ subsetIndex, sealed }) => {
      const { handle, digest, key } = decodeLocation(await modelOwner.keyring.open(sealed ?? ''));
      const update = decryptObject(key, await modelOwner.vault.get(handle, { digest }));
      return { subsetIndex, claim: digestOf(update) };
    }),
  );

/** What a host submits for a slot, and the object that it puts then. */
export async function makeUpdate(
  host: Market,
  modelOwner: Market,
  { coupleId, attempt, instanceId }: { coupleId: string; attempt: number; instanceId: string },
  update: Uint8Array = Buffer.from(`update ${[coupleId, attempt, instanceId].join()}`),
): Promise<{ nonce: string; commitment: string; sealed: string; object: Uint8Array; handle: string }> {
  const ids = [coupleId, String(attempt), instanceId];
  const key = host.keyring.derive('update key', ...ids);
  const object = encryptObject(key, update);
  const handle = host.keyring.handle('update', ...ids);
  const location = encodeLocation({ handle, digest: digestOf(object), key });
  const nonce = host.keyring.updateNonce(coupleId, attempt, instanceId);
  const participantId = host.participantId ?? '';
  const facts = { ...host.place, coupleId, attempt, instanceId, participantId, nonce };
  const { encryptionKey } = await host.participants.get({ participantId: modelOwner.participantId ?? '' });
  return {
    nonce,
    commitment: updateCommitment(facts, digestOf(update)),
    sealed: await host.keyring.seal(encryptionKey, location),
    object,
    handle,
  };
}
