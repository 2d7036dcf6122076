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
const mostAttemptsPerPage = 20;

type Facts = Omit<HistoryStep, 'at'> & { readonly at: Stamp | null };

const history = (steps: readonly Facts[]): HistoryStep[] =>
  steps.flatMap((each) => (each.at === null ? [] : [{ ...each, at: each.at }]));

const plain = { attempt: null, subsetIndex: null, participantId: null, verdicts: [] };

/** The steps before the first round. */
const beginning = (couple: TrainCouple): HistoryStep[] =>
  history([
    {
      ...plain,
      transaction: 'RequestTraining',
      at: couple.requestedAt,
      participantId: couple.modelOwnerId,
      summary: `asked for ${couple.terms.rounds} rounds of ${couple.datasetId} for ${couple.modelId}`,
    },
    {
      ...plain,
      transaction: couple.rejectReason === null ? 'ApproveTraining' : 'RejectTraining',
      at: couple.answeredAt,
      participantId: couple.dataOwnerId,
      summary: couple.rejectReason === null ? 'approved' : `rejected: ${couple.rejectReason}`,
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
    summary: finished
      ? `finished with ${couple.finalModelDigest ?? 'no model'}`
      : 'cancelled after a deadline',
  };
  const released: Facts = {
    ...plain,
    transaction: 'ReleaseRounds',
    at: couple.releasedAt,
    participantId: couple.dataOwnerId,
    summary: `gave back ${couple.releasedRounds ?? 0} rounds`,
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
    participantId: job.participantId,
    summary:
      job.state === 'committed'
        ? `${job.instanceId} committed`
        : `${job.instanceId} could not have the model`,
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
      summary: closedDirectly ? `settled: ${outcome ?? ''}` : 'contested',
      verdicts: closedDirectly ? settlement.verdicts : [],
    };
    const tallied: Facts = {
      ...plain,
      ...at,
      transaction: 'TallyRound',
      at: closedDirectly ? null : settledAt,
      summary: `settled: ${outcome ?? ''}`,
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
    participantId: reveal.participantId,
    summary: `${reveal.instanceId} revealed ${reveal.digest}`,
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
      summary: `sent out ${modelDigest}`,
    },
    {
      ...plain,
      transaction: 'StartRound',
      at: startedAt,
      attempt,
      participantId: couple.dataOwnerId,
      summary: `drew ${drawn.map((subset) => subset.subsetId).join(', ')}`,
    },
    { ...plain, transaction: 'ExpireRound', at: expiredAt, attempt, summary: 'not started in time' },
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
  const size = Math.min(input.pageSize ?? defaultAttempts, mostAttemptsPerPage);
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
