import { newId, ownDrawChain, type OwnDrawChain } from '@veritrain/client-sdk/keys';
import type { LedgerContext } from '@veritrain/client-sdk/protocol';
import type { Member } from '../preparedMarket.js';
import { digestFor } from './digests.js';
import { offerDataset } from './offer.js';
import type { Stage } from './stage.js';

/** Replacements for rounds that are not started in time. */
const spareAttempts = 1;

/** A couple that waits for the data owner's answer. */
export interface Request {
  readonly coupleId: string;
  readonly modelOwnerChain: OwnDrawChain;
}

/** A couple that the data owner approved, with both sides' draw chains. */
export interface Couple extends Request {
  readonly dataOwnerChain: OwnDrawChain;
}

const ownerIn = (place: LedgerContext, { participantId }: Member) => ({ ...place, ownerId: participantId });

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

const termsOf = ({ shape }: Stage) => ({ rounds: shape.rounds, spareAttempts });

/** Offers a dataset and a model, and requests a training of the model on the dataset. */
export async function request(stage: Stage): Promise<Request> {
  const { cast, settings, submit } = stage;
  const { place, modelOwner } = cast;
  const [datasetId, modelId] = await Promise.all([offerDataset(stage), registerModel(stage)]);
  const coupleId = newId('tc', ownerIn(place, modelOwner));
  const terms = termsOf(stage);
  const modelOwnerChain = ownDrawChain({ place, keyring: modelOwner.keyring }, 'modelOwner', coupleId, terms);
  await submit(modelOwner, 'RequestTraining', {
    coupleId,
    datasetId,
    modelId,
    ...terms,
    anchor: modelOwnerChain.anchor,
    heKeyDigest: digestFor(`key of ${coupleId}`),
    idleMs: settings.mostDeadlineMs,
  });
  return { coupleId, modelOwnerChain };
}

/** Makes a request, which the data owner approves. */
export async function agree(stage: Stage): Promise<Couple> {
  const { place, dataOwner } = stage.cast;
  const asked = await request(stage);
  const { coupleId } = asked;
  const dataOwnerChain = ownDrawChain(
    { place, keyring: dataOwner.keyring },
    'dataOwner',
    coupleId,
    termsOf(stage),
  );
  await stage.submit(dataOwner, 'ApproveTraining', { coupleId, anchor: dataOwnerChain.anchor });
  return { ...asked, dataOwnerChain };
}
