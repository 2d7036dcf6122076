import { everyPage, type TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { readFileSync } from 'node:fs';
import { memberError } from '../errors/memberError.js';
import { trainedModelFile, type TrainedModel } from './trainedModel.js';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import { ask } from '../calls/submit.js';

export interface FoundModel {
  model: TrainedModel;
  couple: TrainCouple;
}

/**
 * The trained model of a couple, or of a model's last finished couple, as this owner keeps it. Its bytes are
 * checked against the digest that the ledger keeps.
 *
 * @param of `tc_…` or `md_…`
 * @throws NOT_READY, NOT_FOUND, LOCAL_COPY_MISSING, NOT_WHAT_WAS_PROMISED
 */
export async function findTrainedModel(
  member: Member,
  of: string,
  context: ActionContext,
): Promise<FoundModel> {
  const couple = of.startsWith('md_')
    ? await lastFinished(member, of, context)
    : await ask(member, 'GetCouple', { coupleId: of }, context);
  const { coupleId, state, finalModelDigest } = couple;
  if (finalModelDigest === null) {
    throw memberError('VT9204', `${coupleId} is ${state}: there is no finished model of it.`, {
      facts: { coupleId, state, rounds: couple.startedRounds },
    });
  }
  const model = trainedModelFile(member.home, coupleId).read();
  if (model === undefined) {
    throw memberError('VT9203', `This profile does not hold the model of ${coupleId}; its owner does.`, {
      facts: { coupleId, owner: couple.modelOwnerId },
    });
  }
  if (digestOf(readFileSync(member.home.couple(coupleId).resultPath)) !== finalModelDigest) {
    throw memberError('VT9205', `The model file of ${coupleId} is not the one that the ledger names.`, {
      facts: { coupleId, finalModelDigest },
    });
  }
  return { model, couple };
}

async function lastFinished(member: Member, modelId: string, context: ActionContext): Promise<TrainCouple> {
  let last: TrainCouple | undefined;
  await ask(member, 'GetModel', { modelId }, context);
  const couples = everyPage(member.market.couples.list, { modelId, state: 'finished' }, context);
  for await (const couple of couples) {
    if (last === undefined || (couple.endedAt?.time ?? 0) >= (last.endedAt?.time ?? 0)) last = couple;
  }
  if (last !== undefined) return last;
  throw memberError('VT9204', `${modelId} has no finished training yet.`, { facts: { modelId } });
}
