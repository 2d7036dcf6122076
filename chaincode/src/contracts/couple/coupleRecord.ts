import { ContractError, type Round, type Settlement, type TrainCouple } from '../../domain/index.js';
import { indexes, records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { freeRequestNumber } from './openRequests.js';

/** Index rows for lists of couples. Only the state's row is written more than once. */
export function indexCouple(tx: Transaction, couple: TrainCouple): void {
  const { coupleId, datasetId, modelId, dataOwnerId, modelOwnerId } = couple;
  tx.ledger.put(indexes.coupleByParty, [dataOwnerId, coupleId], [coupleId]);
  tx.ledger.put(indexes.coupleByParty, [modelOwnerId, coupleId], [coupleId]);
  tx.ledger.put(indexes.coupleByDataset, [datasetId, coupleId], [coupleId]);
  tx.ledger.put(indexes.coupleByModel, [modelId, coupleId], [coupleId]);
  tx.ledger.put(indexes.coupleByState, [couple.state, coupleId], [coupleId]);
}

/** Writes a couple whose state may have changed. */
export function putCouple(tx: Transaction, before: TrainCouple, after: TrainCouple): void {
  const { coupleId } = after;
  tx.ledger.put(records.couple, [coupleId], after);
  if (before.state === after.state) return;
  if (before.state === 'requested') freeRequestNumber(tx, before);
  tx.ledger.delete(indexes.coupleByState, [before.state, coupleId]);
  tx.ledger.put(indexes.coupleByState, [after.state, coupleId], [coupleId]);
}

/** Refuses with NOT_APPROVED. */
export function requireApproved(couple: TrainCouple): void {
  if (couple.state === 'approved') return;
  const { coupleId, state } = couple;
  throw new ContractError('NOT_APPROVED', `The couple is ${state}.`, { coupleId, state });
}

/** The state of the couple's last attempt. */
export interface Standing {
  /** Null before the first attempt. */
  readonly round: Round | null;
  readonly settlements: readonly Settlement[];
  /** True while the attempt has not expired and a drawn subset is not settled. */
  readonly unsettled: boolean;
}

/** The settlements of a round by subset, contested ones included. */
async function settlementsOf(tx: Transaction, round: Round): Promise<Settlement[]> {
  const { coupleId, attempt, drawn } = round;
  const found = await Promise.all(
    drawn.map(({ subsetIndex }) => tx.ledger.get(records.settlement, coupleId, attempt, subsetIndex)),
  );
  return found.filter((settlement) => settlement !== null);
}

/** Whether every drawn subset of a started round is settled. */
export const isSettled = (round: Round, settlements: readonly Settlement[]): boolean =>
  round.state === 'started' &&
  settlements.filter((each) => each.state === 'settled').length === round.drawn.length;

export async function standingOf(tx: Transaction, couple: TrainCouple): Promise<Standing> {
  if (couple.attempts === 0) return { round: null, settlements: [], unsettled: false };
  const round = await tx.find(records.round, 'round', couple.coupleId, couple.attempts);
  const settlements = await settlementsOf(tx, round);
  return { round, settlements, unsettled: round.state !== 'expired' && !isSettled(round, settlements) };
}

/** Refuses with ROUND_UNSETTLED. */
export function requireSettled(couple: TrainCouple, standing: Standing): void {
  if (!standing.unsettled) return;
  throw new ContractError('ROUND_UNSETTLED', 'The last attempt is not settled.', {
    coupleId: couple.coupleId,
    attempt: couple.attempts,
    state: standing.round?.state ?? null,
  });
}

/** The clock sequence from which the idle deadline runs: the approval, or the last attempt's settlement or expiry. */
export function idleSince(couple: TrainCouple, standing: Pick<Standing, 'round' | 'settlements'>): number {
  const { round, settlements } = standing;
  const stamps = [couple.answeredAt, round?.expiredAt ?? null, ...settlements.map((each) => each.settledAt)];
  return Math.max(...stamps.map((at) => at?.sequence ?? 0));
}
