import type { TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';
import type { PlannedCouple } from './planCouple.js';
import { putPublicDocument } from '../vault/publicDocument.js';
import { submit, type Write } from '../calls/submit.js';

/**
 * Asks for a training as it was planned. The couple's homomorphic public key is left where hosts find it; its digest and
 * the anchor of this owner's draw chain go into the request.
 */
export async function requestCouple(
  member: Member,
  { plan, trainer }: PlannedCouple,
  context: ActionContext,
): Promise<{ couple: TrainCouple; writes: Write[] }> {
  const keyDigest = await putPublicDocument(member.market, trainer.heKey(), context.signal);
  const { anchor } = ownDrawChain(member.market, 'modelOwner', plan.coupleId, plan);
  const { result, write } = await submit(
    member,
    'RequestTraining',
    {
      coupleId: plan.coupleId,
      datasetId: plan.datasetId,
      modelId: plan.modelId,
      rounds: plan.rounds,
      spareAttempts: plan.spareAttempts,
      subsetsPerRound: plan.subsetsPerRound,
      anchor,
      heKeyDigest: plan.protection === 'plain' ? null : keyDigest,
      idleMs: plan.idleMs,
    },
    context,
  );
  return { couple: result, writes: [write] };
}
