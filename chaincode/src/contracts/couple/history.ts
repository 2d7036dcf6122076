import {
  ContractError,
  type HistoryStep,
  type ParsedInputOf,
  type Stamp,
  type TrainCouple,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';
import { roundRecords, type RoundRecords } from '../round/queries.js';

const defaultAttempts = 10;
const maxAttemptsPerPage = 20;

type Facts = Omit<HistoryStep, 'at'> & { readonly at: Stamp | null };

const history = (steps: readonly Facts[]): HistoryStep[] =>
  steps.flatMap((each) => (each.at === null ? [] : [{ ...each, at: each.at }]));

const plain = {
  attempt: null,
  subsetIndex: null,
  instanceId: null,
  participantId: null,
  digest: null,
  rounds: null,
  rejectReason: null,
  drawn: [],
  outcome: null,
  verdicts: [],
};

/** The steps before the first round. */
const beginning = (couple: TrainCouple): HistoryStep[] =>
  history([
    {
      ...plain,
      transaction: 'RequestTraining',
      at: couple.requestedAt,
      participantId: couple.modelOwnerId,
      rounds: couple.terms.rounds,
    },
    {
      ...plain,
      transaction: couple.rejectReason === null ? 'ApproveTraining' : 'RejectTraining',
      at: couple.answeredAt,
      participantId: couple.dataOwnerId,
      rejectReason: couple.rejectReason,
    },
  ]);

/** The steps after the last round. */
function ending(couple: TrainCouple): HistoryStep[] {
  const { state } = couple;
  const finished = state === 'finished';
  const ended: Facts = {
    ...plain,
    transaction: finished ? 'FinishTraining' : 'CancelTraining',
    at: finished || state === 'cancelled' ? couple.endedAt : null,
    participantId: finished ? couple.modelOwnerId : null,
    digest: couple.finalModelDigest,
  };
  const released: Facts = {
    ...plain,
    transaction: 'ReleaseRounds',
    at: couple.releasedAt,
    participantId: couple.dataOwnerId,
    rounds: couple.releasedRounds,
  };
  return history([ended, released]);
}

const bySequence = (a: HistoryStep, b: HistoryStep): number =>
  a.at.sequence - b.at.sequence || (a.subsetIndex ?? 0) - (b.subsetIndex ?? 0);

function answers(of: RoundRecords): HistoryStep[] {
  const jobs = of.jobs.map((job) => ({
    ...plain,
    transaction: job.state === 'committed' ? 'SubmitUpdate' : 'ReportUnavailable',
    at: job.answeredAt,
    attempt: job.attempt,
    subsetIndex: job.subsetIndex,
    instanceId: job.instanceId,
    participantId: job.participantId,
  }));
  return history(jobs).sort(bySequence);
}

function verdicts(of: RoundRecords, couple: TrainCouple): HistoryStep[] {
  const closes = of.settlements.flatMap((settlement) => {
    const { attempt, subsetIndex, outcome, closedAt, settledAt } = settlement;
    const at = { attempt, subsetIndex };
    const closedDirectly = closedAt !== null && closedAt.transactionId === settledAt?.transactionId;
    const closed: Facts = {
      ...plain,
      ...at,
      transaction: 'CloseRound',
      at: closedAt,
      participantId: couple.modelOwnerId,
      outcome: closedDirectly ? outcome : null,
      verdicts: closedDirectly ? settlement.verdicts : [],
    };
    const tallied: Facts = {
      ...plain,
      ...at,
      transaction: 'TallyRound',
      at: closedDirectly ? null : settledAt,
      outcome,
      verdicts: settlement.verdicts,
    };
    return [closed, tallied];
  });
  const reveals = of.reveals.map((reveal) => ({
    ...plain,
    transaction: 'RevealUpdate',
    at: reveal.revealedAt,
    attempt: reveal.attempt,
    subsetIndex: reveal.subsetIndex,
    instanceId: reveal.instanceId,
    participantId: reveal.participantId,
    digest: reveal.digest,
  }));
  return history([...closes, ...reveals]).sort(bySequence);
}

function roundSteps(of: RoundRecords, couple: TrainCouple): HistoryStep[] {
  const { attempt, openedAt, startedAt, expiredAt, drawn, modelDigest } = of.round;
  const head = history([
    {
      ...plain,
      transaction: 'OpenRound',
      at: openedAt,
      attempt,
      participantId: couple.modelOwnerId,
      digest: modelDigest,
    },
    {
      ...plain,
      transaction: 'StartRound',
      at: startedAt,
      attempt,
      participantId: couple.dataOwnerId,
      drawn: drawn.map(({ subsetIndex }) => subsetIndex),
    },
    { ...plain, transaction: 'ExpireRound', at: expiredAt, attempt },
  ]);
  return [...head, ...answers(of), ...verdicts(of, couple)];
}

function firstAttempt(bookmark: string | undefined): number {
  if (bookmark === undefined || bookmark === '') return 1;
  if (/^[1-9][0-9]{0,4}$/.test(bookmark)) return Number(bookmark);
  throw new ContractError('INVALID_INPUT', 'bookmark: is not one that this list gave.');
}

export async function getCoupleHistory(
  tx: Transaction,
  input: ParsedInputOf<'GetCoupleHistory'>,
): Promise<Page<HistoryStep>> {
  const couple = await tx.find(records.couple, 'couple', input.coupleId);
  const first = firstAttempt(input.bookmark);
  const size = Math.min(input.pageSize ?? defaultAttempts, maxAttemptsPerPage);
  const last = Math.min(couple.attempts, first + size - 1);
  const items = first === 1 ? beginning(couple) : [];
  for (let attempt = first; attempt <= last; attempt += 1) {
    const round = await tx.find(records.round, 'round', input.coupleId, attempt);
    items.push(...roundSteps(await roundRecords(tx, round), couple));
  }
  const isLast = last >= couple.attempts;
  if (isLast) items.push(...ending(couple));
  return { items, bookmark: isLast ? '' : String(last + 1) };
}
