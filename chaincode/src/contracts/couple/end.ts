import {
  ContractError,
  coupleMachine,
  step,
  type Deadline,
  type ParsedInputOf,
  type TrainCouple,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import {
  idleSince,
  putCouple,
  requireApproved,
  requireSettled,
  standingOf,
  type Standing,
} from './coupleRecord.js';

export async function finishTraining(
  tx: Transaction,
  input: ParsedInputOf<'FinishTraining'>,
): Promise<TrainCouple> {
  const { coupleId, finalModelDigest, metrics } = input;
  const couple = await tx.find(records.couple, 'couple', coupleId);
  await tx.requireCaller(couple.modelOwnerId);
  if (couple.state === 'finished') {
    if (holds(couple, { finalModelDigest, metrics })) return couple;
    throw new ContractError('CONFLICT', 'The training was finished with another result.', { coupleId });
  }
  requireApproved(couple);
  const standing = await standingOf(tx, couple);
  requireSettled(couple, standing);
  const finished: TrainCouple = {
    ...couple,
    state: step(coupleMachine, couple.state, 'FinishTraining', 'finished'),
    finalModelDigest,
    metrics,
    endedAt: await tx.stamp(),
  };
  putCouple(tx, couple, finished);
  tx.emit({ type: 'TrainingFinished', coupleId, dataOwnerId: couple.dataOwnerId, finalModelDigest });
  return finished;
}

export const idleDeadline = (
  couple: TrainCouple,
  standing: Pick<Standing, 'round' | 'settlements'>,
): Deadline => ({
  sequence: idleSince(couple, standing),
  durationMs: couple.terms.idleMs,
  windowMs: couple.terms.windowMs,
});

export async function cancelTraining(
  tx: Transaction,
  { coupleId }: ParsedInputOf<'CancelTraining'>,
): Promise<TrainCouple> {
  const couple = await tx.find(records.couple, 'couple', coupleId);
  if (couple.state === 'cancelled') return couple;
  const state = step(coupleMachine, couple.state, 'CancelTraining', 'cancelled', { coupleId });
  const standing = await standingOf(tx, couple);
  if (couple.state === 'requested') {
    await tx.requirePassed(couple.answerDeadline, 'answer');
  } else {
    requireSettled(couple, standing);
    await tx.requirePassed(idleDeadline(couple, standing), 'idle');
  }
  const cancelled: TrainCouple = { ...couple, state, endedAt: await tx.stamp() };
  putCouple(tx, couple, cancelled);
  const { dataOwnerId, modelOwnerId } = couple;
  tx.emit({ type: 'TrainingCancelled', coupleId, dataOwnerId, modelOwnerId });
  return cancelled;
}

export async function releaseRounds(
  tx: Transaction,
  { coupleId }: ParsedInputOf<'ReleaseRounds'>,
): Promise<TrainCouple> {
  const couple = await tx.find(records.couple, 'couple', coupleId);
  await tx.requireCaller(couple.dataOwnerId);
  if (couple.releasedRounds !== null) return couple;
  const { state, datasetId, terms } = couple;
  if (state === 'requested' || state === 'approved') {
    throw new ContractError('WRONG_STATE', 'The couple has not ended.', { coupleId, state });
  }
  if (couple.dataOwnerChain === null)
    throw new ContractError('NOTHING_RESERVED', 'The couple was never approved.', { coupleId });
  const rounds = terms.rounds - couple.startedRounds;
  const account = await tx.find(records.datasetRounds, 'reservation', datasetId);
  tx.ledger.put(records.datasetRounds, [datasetId], { datasetId, reserved: account.reserved - rounds });
  const released: TrainCouple = { ...couple, releasedRounds: rounds, releasedAt: await tx.stamp() };
  putCouple(tx, couple, released);
  tx.emit({ type: 'RoundsReleased', coupleId, datasetId, rounds });
  return released;
}
