import {
  batchOf,
  ContractError,
  parseInstanceId,
  roundDeadline,
  type Deadline,
  type DrawnSlot,
  type DrawnSubset,
  type Round,
  type RoundPhase,
  type SubsetAnswers,
  type TrainCouple,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/**
 * The couple of a round, read along with the caller and the round, which its parties' transactions go by. Refuses with NOT_FOUND.
 */
export async function findCoupleOfRound(
  tx: Transaction,
  coupleId: string,
  attempt: number,
): Promise<TrainCouple> {
  await tx.ledger.prepare([records.couple, coupleId], tx.callersPlace, [records.round, coupleId, attempt]);
  return tx.find(records.couple, 'couple', coupleId);
}

/** A round that was started. Refuses with NOT_FOUND or WRONG_STATE. */
export async function findStarted(tx: Transaction, coupleId: string, attempt: number): Promise<Round> {
  const round = await tx.find(records.round, 'round', coupleId, attempt);
  if (round.state === 'started') return round;
  throw new ContractError('WRONG_STATE', `The round is ${round.state}, not started.`, {
    coupleId,
    attempt,
    state: round.state,
  });
}

export function phaseDeadline(round: Round, phase: RoundPhase): Deadline {
  if (round.deadlines === null) throw new Error('a started round lacks its deadlines');
  return roundDeadline(round.deadlines, phase);
}

/** Refuses with NOT_DRAWN. */
export function drawnSubsetOf(round: Round, subsetIndex: number): DrawnSubset {
  const found = round.drawn.find((each) => each.subsetIndex === subsetIndex);
  if (found !== undefined) return found;
  throw new ContractError('NOT_DRAWN', 'The round did not draw this subset.', {
    coupleId: round.coupleId,
    attempt: round.attempt,
    subsetIndex,
  });
}

export interface OwnSlot {
  readonly subsetIndex: number;
  readonly slot: DrawnSlot;
}

/**
 * The slot that the round's record names for the caller. The record binds even after the slot has changed
 * hands. Refuses with NOT_DRAWN or NOT_HOLDER.
 */
export async function ownSlotOf(tx: Transaction, round: Round, instanceId: string): Promise<OwnSlot> {
  const caller = await tx.callerId();
  const { subsetIndex } = parseInstanceId(instanceId);
  const slot = drawnSubsetOf(round, subsetIndex).slots.find((each) => each.instanceId === instanceId);
  if (slot === undefined) {
    throw new ContractError('NOT_DRAWN', 'The round’s record does not name this slot.', { instanceId });
  }
  if (slot.participantId !== caller) {
    throw new ContractError('NOT_HOLDER', 'The round’s record names another host for this slot.', {
      instanceId,
    });
  }
  return { subsetIndex, slot };
}

/** The answers of a drawn subset's hosts, and those of the other subsets of its batch, which `sum` alone has. */
export interface BatchAnswers {
  readonly own: SubsetAnswers;
  readonly sisters: readonly SubsetAnswers[];
}

/** The answers so far of a drawn subset's batch. */
export async function batchAnswersOf(
  tx: Transaction,
  round: Round,
  { terms }: TrainCouple,
  drawn: DrawnSubset,
): Promise<BatchAnswers> {
  const others = batchOf(terms, drawn.subsetIndex).filter((index) => index !== drawn.subsetIndex);
  const [own, ...sisters] = await Promise.all([
    answersOf(tx, round, drawn, terms.replicas),
    ...others.map((index) => answersOf(tx, round, drawnSubsetOf(round, index), terms.replicas)),
  ]);
  return { own, sisters };
}

async function answersOf(
  tx: Transaction,
  round: Round,
  drawn: DrawnSubset,
  replicas: number,
): Promise<SubsetAnswers> {
  const { coupleId, attempt } = round;
  const found = await Promise.all(
    drawn.slots.map(({ slot }) => tx.ledger.get(records.job, coupleId, attempt, drawn.subsetIndex, slot)),
  );
  return { place: tx.place, drawn, replicas, jobs: found.filter((job) => job !== null) };
}
