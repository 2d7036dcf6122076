import {
  anchoredChain,
  ContractError,
  coupleMachine,
  step,
  type ParsedInputOf,
  type TrainCouple,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { requireOffered } from '../dataset/datasets.js';
import { putCouple } from './coupleRecord.js';
import { useAnchor } from './usedOnce.js';

export async function approveTraining(
  tx: Transaction,
  input: ParsedInputOf<'ApproveTraining'>,
): Promise<TrainCouple> {
  const { coupleId, anchor } = input;
  const couple = await tx.find(records.couple, 'couple', coupleId);
  await tx.requireCaller(couple.dataOwnerId);
  if (couple.dataOwnerChain !== null) {
    if (couple.dataOwnerChain.anchor === anchor) return couple;
    throw new ContractError('CONFLICT', 'The couple was approved with another anchor.', { coupleId });
  }
  const state = step(coupleMachine, couple.state, 'ApproveTraining', 'approved', { coupleId });
  requireOffered(await tx.find(records.dataset, 'dataset', couple.datasetId));
  await tx.requireInTime(couple.answerDeadline, 'answer');
  await useAnchor(tx, anchor, { ownerId: couple.dataOwnerId, coupleId });
  await reserveRounds(tx, couple);
  const dataOwnerChain = anchoredChain(anchor);
  const approved: TrainCouple = { ...couple, state, dataOwnerChain, answeredAt: await tx.stamp() };
  putCouple(tx, couple, approved);
  const { dataOwnerId, modelOwnerId } = couple;
  tx.emit({ type: 'TrainingApproved', coupleId, dataOwnerId, modelOwnerId });
  return approved;
}

/** Only the data owner reserves and releases rounds, so one record for each dataset is not a hot key. */
async function reserveRounds(tx: Transaction, couple: TrainCouple): Promise<void> {
  const { datasetId, terms } = couple;
  const { lifetimeRounds } = await tx.find(records.dataset, 'dataset', datasetId);
  const { reserved } = (await tx.ledger.get(records.datasetRounds, datasetId)) ?? { reserved: 0 };
  if (reserved + terms.rounds > lifetimeRounds) {
    throw new ContractError('LIFETIME_EXHAUSTED', 'The dataset has too few lifetime rounds left.', {
      datasetId,
      left: lifetimeRounds - reserved,
      asked: terms.rounds,
    });
  }
  tx.ledger.put(records.datasetRounds, [datasetId], { datasetId, reserved: reserved + terms.rounds });
}

export async function rejectTraining(
  tx: Transaction,
  input: ParsedInputOf<'RejectTraining'>,
): Promise<TrainCouple> {
  const { coupleId, reason } = input;
  const couple = await tx.find(records.couple, 'couple', coupleId);
  await tx.requireCaller(couple.dataOwnerId);
  if (couple.state === 'rejected') {
    if (couple.rejectReason === reason) return couple;
    throw new ContractError('CONFLICT', 'The couple was rejected for another reason.', { coupleId });
  }
  const state = step(coupleMachine, couple.state, 'RejectTraining', 'rejected', { coupleId });
  const at = await tx.stamp();
  const rejected: TrainCouple = { ...couple, state, rejectReason: reason, answeredAt: at, endedAt: at };
  putCouple(tx, couple, rejected);
  tx.emit({ type: 'TrainingRejected', coupleId, modelOwnerId: couple.modelOwnerId, reason });
  return rejected;
}
