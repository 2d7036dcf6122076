import { newId, ownDrawChain, type LedgerPlace } from '@veritrain/client-sdk';
import type { Member } from '../preparedMarket.js';
import { digestFor } from './digests.js';
import { offerDataset } from './offer.js';
import { playRound, type Couple } from './round.js';
import type { Stage } from './stage.js';

/** For rounds that fail; none does here. */
const spareAttempts = 1;

/**
 * A couple from the offer of its dataset to its end: every transaction that honest agents make of
 * it, in their order, and at once what they do at once. Only the clock's ticks are left to others.
 */
export async function playCouple(stage: Stage): Promise<void> {
  const { submit, shape, cast } = stage;
  const [datasetId, modelId] = await Promise.all([offerDataset(stage), registerModel(stage)]);
  const couple = await agree(stage, datasetId, modelId);
  const { coupleId } = couple;
  for (let attempt = 1; attempt <= shape.rounds; attempt += 1) await playRound(stage, couple, attempt);
  await submit(cast.modelOwner, 'FinishTraining', {
    coupleId,
    finalModelDigest: digestFor(`final model of ${coupleId}`),
    metrics: [{ name: 'mse', value: '2868.52' }],
  });
  await submit(cast.dataOwner, 'ReleaseRounds', { coupleId });
}

const ownerIn = (place: LedgerPlace, { participantId }: Member) => ({ ...place, ownerId: participantId });

async function registerModel({ cast: { place, modelOwner }, submit }: Stage): Promise<string> {
  const modelId = newId('md', ownerIn(place, modelOwner));
  await submit(modelOwner, 'RegisterModel', {
    modelId,
    programDigest: digestFor('program'),
    architectureDigest: digestFor('architecture'),
    protection: 'encrypted',
  });
  return modelId;
}

async function agree(
  { cast, shape, settings, submit }: Stage,
  datasetId: string,
  modelId: string,
): Promise<Couple> {
  const { place, modelOwner, dataOwner } = cast;
  const coupleId = newId('tc', ownerIn(place, modelOwner));
  const terms = { rounds: shape.rounds, spareAttempts };
  const asked = ownDrawChain({ place, keyring: modelOwner.keyring }, 'modelOwner', coupleId, terms);
  const answered = ownDrawChain({ place, keyring: dataOwner.keyring }, 'dataOwner', coupleId, terms);
  await submit(modelOwner, 'RequestTraining', {
    coupleId,
    datasetId,
    modelId,
    ...terms,
    anchor: asked.anchor,
    heKeyDigest: digestFor(`key of ${coupleId}`),
    idleMs: settings.mostDeadlineMs,
  });
  await submit(dataOwner, 'ApproveTraining', { coupleId, anchor: answered.anchor });
  return { coupleId, modelOwnerLink: asked.link, dataOwnerLink: answered.link };
}
