import { digestOf } from '@veritrain/client-sdk';
import { encodeTrainedModel, type TrainedModel } from '../runtime/trainedModel.js';
import { AgentsError } from './agentsError.js';
import type { ActionContext } from './context.js';
import type { Member } from './member.js';
import { ask } from './submit.js';

/**
 * Opens the ledger's salted digest of a couple's final model with the model itself.
 * @returns the digest
 * @throws AgentsError NOT_READY, NOT_WHAT_WAS_PROMISED
 */
export async function verifyTrainedModel(
  member: Member,
  model: TrainedModel,
  context: ActionContext,
): Promise<string> {
  const { coupleId } = model;
  const { state, finalModelDigest } = await ask(member, 'GetCouple', { coupleId }, context);
  if (finalModelDigest === null)
    throw new AgentsError('VT9204', `${coupleId} is ${state}: the ledger names no model of it.`, {
      facts: { coupleId, state },
    });
  const digest = digestOf(encodeTrainedModel(model));
  if (digest === finalModelDigest) return digest;
  throw new AgentsError('VT9205', `The file is not the model that the ledger names for ${coupleId}.`, {
    facts: { coupleId, finalModelDigest, digest },
  });
}
