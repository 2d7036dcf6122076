import { digestOf } from '@veritrain/client-sdk/vault';
import { memberError } from '../errors/memberError.js';
import { encodeTrainedModel, type TrainedModel } from './trainedModel.js';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import { ask } from '../calls/submit.js';

/**
 * Opens the ledger's salted digest of a couple's final model with the model itself.
 * @returns the digest
 * @throws NOT_READY, NOT_WHAT_WAS_PROMISED
 */
export async function verifyTrainedModel(
  member: Member,
  model: TrainedModel,
  context: ActionContext,
): Promise<string> {
  const { coupleId } = model;
  const { state, finalModelDigest } = await ask(member, 'GetCouple', { coupleId }, context);
  if (finalModelDigest === null)
    throw memberError('VT9204', `${coupleId} is ${state}: the ledger names no model of it.`, {
      facts: { coupleId, state },
    });
  const digest = digestOf(encodeTrainedModel(model));
  if (digest === finalModelDigest) return digest;
  throw memberError('VT9205', `The file is not the model that the ledger names for ${coupleId}.`, {
    facts: { coupleId, finalModelDigest, digest },
  });
}
