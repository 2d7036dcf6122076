import type { RoundView } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { documentHandle } from '@veritrain/member/vault';
import type { ReconcileContext } from '../role.js';
import type { ObjectKeeper, RestorableObject } from '../shared/objectKeeper.js';
import type { CoupleTraining } from './coupleTraining.js';

/** Keeps the round's model, the program and the homomorphic key in the vault until all hosts have answered. */
export async function keepRound(
  { market, signal }: ReconcileContext,
  { coupleId, attempt, modelHandle, modelDigest, subsets }: RoundView,
  training: CoupleTraining,
  keeper: ObjectKeeper,
): Promise<void> {
  const allAnswered = subsets.every(({ slots, commitments, reports }) => commitments + reports >= slots);
  if (allAnswered) return;
  const model = async (): Promise<RestorableObject | undefined> => {
    if (digestOf(await training.modelFor(attempt)) !== modelDigest) return undefined;
    const content = await training.sealedModelFor(attempt, signal);
    const facts = { coupleId, attempt };
    return { what: 'model', handle: modelHandle, content, sealed: true, step: 'putModel', facts };
  };
  await keeper.ensure(`${coupleId}/model`, model, signal);
  for (const { what, digest, content } of training.documents()) {
    const document = (): RestorableObject => ({
      what,
      handle: documentHandle(market, digest),
      content: content(),
      step: 'putDocument',
      facts: { coupleId },
    });
    await keeper.ensure(`${coupleId}/${what}`, document, signal);
  }
}
