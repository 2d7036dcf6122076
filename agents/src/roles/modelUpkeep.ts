import { digestOf, type RoundView } from '@veritrain/client-sdk';
import { documentHandle } from '@veritrain/member/vault';
import type { CoupleTraining } from './coupleTraining.js';
import type { RoleContext } from './role.js';
import type { Upkeep, Upkept } from './upkeep.js';

/** While hosts have yet to answer they need the round's model, the program and the homomorphic key. */
export async function tendRound(
  { drill, member: { market } }: RoleContext,
  upkeep: Upkeep,
  { coupleId, attempt, modelHandle, modelDigest, subsets }: RoundView,
  training: CoupleTraining,
  signal: AbortSignal,
): Promise<void> {
  const allAnswered = subsets.every(({ slots, commitments, reports }) => commitments + reports >= slots);
  if (allAnswered || drill === 'withhold-model') return;
  const model = async (): Promise<Upkept | undefined> => {
    if (digestOf(training.modelFor(attempt)) !== modelDigest) return undefined;
    const content = await training.sealedModelFor(attempt, signal);
    const facts = { coupleId, attempt };
    return { what: 'model', handle: modelHandle, content, sealed: true, step: 'putModel', facts };
  };
  await upkeep.tend(`${coupleId}/model`, model, signal);
  for (const { what, digest, content } of training.documents()) {
    const handle = documentHandle(market, digest);
    const document = (): Upkept => ({
      what,
      handle,
      content: content(),
      step: 'putDocument',
      facts: { coupleId },
    });
    await upkeep.tend(`${coupleId}/${what}`, document, signal);
  }
}
