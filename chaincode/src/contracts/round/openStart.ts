import {
  ContractError,
  draw,
  drawSeed,
  instanceIdOf,
  openLink,
  roundMachine,
  step,
  subsetIdOf,
  type DrawChain,
  type DrawnSubset,
  type DrawSide,
  type ParsedInputOf,
  type Round,
  type TrainCouple,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { putCouple, requireApproved, requireSettled, standingOf } from '../couple/coupleRecord.js';
import { applyRuling } from './consequences.js';
import { findCoupleOfRound } from './startedRound.js';

export async function openRound(tx: Transaction, input: ParsedInputOf<'OpenRound'>): Promise<Round> {
  const { coupleId, attempt, modelDigest, modelHandle, link } = input;
  const couple = await findCoupleOfRound(tx, coupleId, attempt);
  await tx.requireCaller(couple.modelOwnerId);
  const existing = await tx.ledger.get(records.round, coupleId, attempt);
  if (existing !== null) {
    if (holds(existing, { modelDigest, modelHandle, modelOwnerLink: link })) return existing;
    throw new ContractError('CONFLICT', 'The attempt was opened with another model or link.', {
      coupleId,
      attempt,
    });
  }
  requireApproved(couple);
  // The stamp's clock comes along with the settlements.
  const [standing] = await Promise.all([standingOf(tx, couple), tx.clock()]);
  requireSettled(couple, standing);
  requireNext(couple, attempt);
  const modelOwnerChain = openLinkOf(tx, couple, 'modelOwner', attempt, link);
  const { deadlines, windowMs } = couple.terms;
  const round: Round = {
    coupleId,
    attempt,
    state: step(roundMachine, null, 'OpenRound', 'opened'),
    modelDigest,
    modelHandle,
    modelOwnerLink: link,
    openedAt: await tx.stamp(),
    startDeadline: await tx.deadline(deadlines.startMs, windowMs),
    dataOwnerLink: null,
    seed: null,
    drawn: [],
    startedAt: null,
    deadlines: null,
    expiredAt: null,
  };
  tx.ledger.put(records.round, [coupleId, attempt], round);
  putCouple(tx, couple, { ...couple, attempts: attempt, modelOwnerChain });
  const { dataOwnerId } = couple;
  tx.emit({
    type: 'RoundOpened',
    coupleId,
    attempt,
    dataOwnerId,
    modelDigest,
    modelHandle,
    startMs: deadlines.startMs,
  });
  return round;
}

/** Attempts follow one another without gaps up to the chain's end. At most the agreed rounds of them are started. */
function requireNext(couple: TrainCouple, attempt: number): void {
  const { coupleId, attempts, startedRounds, terms } = couple;
  const next = attempts + 1;
  if (startedRounds >= terms.rounds || next > terms.rounds + terms.spareAttempts) {
    throw new ContractError('ROUNDS_EXHAUSTED', 'No round or attempt is left.', {
      coupleId,
      attempts,
      startedRounds,
      rounds: terms.rounds,
    });
  }
  if (attempt !== next) {
    throw new ContractError('WRONG_ATTEMPT', `The next attempt is ${next}.`, { coupleId, next });
  }
}

export async function startRound(tx: Transaction, input: ParsedInputOf<'StartRound'>): Promise<Round> {
  const { coupleId, attempt, link } = input;
  const couple = await findCoupleOfRound(tx, coupleId, attempt);
  await tx.requireCaller(couple.dataOwnerId);
  const round = await tx.find(records.round, 'round', coupleId, attempt);
  if (round.dataOwnerLink !== null) {
    if (round.dataOwnerLink === link) return round;
    throw new ContractError('CONFLICT', 'The round was started with another link.', { coupleId, attempt });
  }
  requireApproved(couple);
  const state = step(roundMachine, round.state, 'StartRound', 'started', { coupleId, attempt });
  await tx.requireInTime(round.startDeadline, 'start');
  const dataOwnerChain = openLinkOf(tx, couple, 'dataOwner', attempt, link);
  const { modelOwnerLink, modelDigest } = round;
  const links = { dataOwnerLink: link, modelOwnerLink };
  const seed = drawSeed({ ...tx.place, coupleId, attempt, ...links, modelDigest });
  const { drawn, remainder } = draw({
    seed,
    subsets: couple.terms.subsets,
    aggregation: couple.terms.aggregation,
    count: couple.terms.subsetsPerRound,
    remainder: couple.remainder,
  });
  const startedAt = await tx.stamp();
  const { windowMs, deadlines } = couple.terms;
  const { commitMs, uploadMs, closeMs, revealMs, attestMs } = deadlines;
  const started: Round = {
    ...round,
    state,
    dataOwnerLink: link,
    seed,
    drawn: await nameSlots(tx, couple, drawn),
    startedAt,
    deadlines: { sequence: startedAt.sequence, windowMs, commitMs, uploadMs, closeMs, revealMs, attestMs },
  };
  tx.ledger.put(records.round, [coupleId, attempt], started);
  noteTrained(tx, couple);
  putCouple(tx, couple, {
    ...couple,
    startedRounds: couple.startedRounds + 1,
    dataOwnerChain,
    remainder: [...remainder],
  });
  reportStart(tx, couple, started);
  return started;
}

/** One side's chain with this attempt's link opened. Refuses with WRONG_LINK. */
function openLinkOf(
  tx: Transaction,
  couple: TrainCouple,
  side: DrawSide,
  attempt: number,
  link: string,
): DrawChain {
  const { coupleId } = couple;
  const chain = couple[`${side}Chain`];
  const opened = chain && openLink({ ...tx.place, coupleId, side }, chain, attempt, link);
  if (opened !== null) return opened;
  throw new ContractError('WRONG_LINK', 'The link does not lead to the anchor.', { coupleId, attempt, side });
}

/** The verified slots of the drawn subsets, except slots whose notice has ended. */
async function nameSlots(
  tx: Transaction,
  couple: TrainCouple,
  drawn: readonly number[],
): Promise<DrawnSubset[]> {
  const { datasetId } = couple;
  await tx.ledger.prepare(...drawn.map((index) => [records.subset, datasetId, index] as const));
  const named: DrawnSubset[] = [];
  for (const subsetIndex of drawn) {
    const subset = await tx.ledger.get(records.subset, datasetId, subsetIndex);
    const slots: DrawnSubset['slots'] = [];
    for (const { slot, generation, participantId, leaving } of subset?.verified ?? []) {
      if (leaving !== null && (await tx.passed(leaving))) continue;
      slots.push({ instanceId: instanceIdOf(datasetId, subsetIndex, slot), slot, generation, participantId });
    }
    const subsetId = subsetIdOf(datasetId, subsetIndex);
    named.push({ subsetId, subsetIndex, packageDigest: subset?.packageDigest ?? null, slots });
  }
  return named;
}

function noteTrained(tx: Transaction, couple: TrainCouple): void {
  if (couple.startedRounds > 0) return;
  const { datasetId, modelId, coupleId } = couple;
  tx.ledger.put(records.trained, [datasetId, coupleId], {
    datasetId,
    modelId,
    coupleId,
    transactionId: tx.id,
  });
}

function reportStart(tx: Transaction, couple: TrainCouple, round: Round): void {
  const { coupleId, attempt, drawn, deadlines } = round;
  if (deadlines === null) throw new Error('a started round lacks its deadlines');
  tx.emit({ type: 'RoundStarted', coupleId, attempt, modelOwnerId: couple.modelOwnerId, drawn, deadlines });
}

export async function expireRound(tx: Transaction, input: ParsedInputOf<'ExpireRound'>): Promise<Round> {
  const { coupleId, attempt } = input;
  const round = await tx.find(records.round, 'round', coupleId, attempt);
  if (round.state === 'expired') return round;
  const state = step(roundMachine, round.state, 'ExpireRound', 'expired', { coupleId, attempt });
  await tx.requirePassed(round.startDeadline, 'start');
  const couple = await tx.find(records.couple, 'couple', coupleId);
  const expired: Round = { ...round, state, expiredAt: await tx.stamp() };
  tx.ledger.put(records.round, [coupleId, attempt], expired);
  tx.emit({ type: 'RoundExpired', coupleId, attempt });
  await applyRuling(tx, couple, attempt, { kind: 'notStarted' });
  return expired;
}
