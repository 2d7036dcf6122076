import {
  type DeadlineView,
  type DrawnSubset,
  type ParsedInputOf,
  type RoundPhase,
  type SubsetProgress,
  type TrainCouple,
  type Waiting,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { phasesOf, progressOf, roundRecords, type RoundRecords } from '../round/queries.js';
import { standingOf } from './coupleRecord.js';
import { idleDeadline } from './end.js';

type Phases = Record<RoundPhase, DeadlineView>;

/** Whom a couple waits for, until when, and what anyone may call then. */
export async function waitingFor(tx: Transaction, input: ParsedInputOf<'WaitingFor'>): Promise<Waiting[]> {
  const couple = await tx.find(records.couple, 'couple', input.coupleId);
  if (couple.state === 'requested') return [await forAnswer(tx, couple)];
  if (couple.state !== 'approved') return [];
  const standing = await standingOf(tx, couple);
  const { round } = standing;
  if (round?.state === 'opened') {
    return [
      {
        what: `attempt ${round.attempt} to be started`,
        whom: [couple.dataOwnerId],
        transactions: ['StartRound'],
        until: await tx.view(round.startDeadline),
        thenAnyone: 'ExpireRound',
        subsetIndex: null,
      },
    ];
  }
  if (round !== null && standing.unsettled) return forSubsets(tx, couple, await roundRecords(tx, round));
  return [
    {
      what: 'the next round, or the end',
      whom: [couple.modelOwnerId],
      transactions: ['OpenRound', 'FinishTraining'],
      until: await tx.view(idleDeadline(couple, standing)),
      thenAnyone: 'CancelTraining',
      subsetIndex: null,
    },
  ];
}

const forAnswer = async (tx: Transaction, couple: TrainCouple): Promise<Waiting> => ({
  what: 'the request to be answered',
  whom: [couple.dataOwnerId],
  transactions: ['ApproveTraining', 'RejectTraining'],
  until: await tx.view(couple.answerDeadline),
  thenAnyone: 'CancelTraining',
  subsetIndex: null,
});

async function forSubsets(tx: Transaction, couple: TrainCouple, of: RoundRecords): Promise<Waiting[]> {
  const phases = await phasesOf(tx, of.round);
  if (phases === null || of.round.deadlines === null) return [];
  return progressOf(of, couple)
    .filter((progress) => !progress.settled)
    .map((progress) => forSubset(couple, of, phases, progress));
}

function forSubset(couple: TrainCouple, of: RoundRecords, phases: Phases, progress: SubsetProgress): Waiting {
  const { subsetIndex } = progress;
  const contested = of.settlements.some((each) => each.subsetIndex === subsetIndex);
  if (contested || phases.close.passed) return forDispute(of, phases, subsetIndex);
  const missing = unanswered(of, subsetIndex);
  if (missing.length > 0 && !phases.commit.passed) {
    return {
      what: `hosts of subset ${subsetIndex} to commit or report`,
      whom: missing,
      transactions: ['SubmitUpdate', 'ReportUnavailable'],
      until: phases.commit,
      thenAnyone: null,
      subsetIndex,
    };
  }
  return {
    what: `subset ${subsetIndex} to be closed`,
    whom: [couple.modelOwnerId],
    transactions: ['CloseRound'],
    until: phases.close,
    thenAnyone: null,
    subsetIndex,
  };
}

const drawnOf = (of: RoundRecords, subsetIndex: number): DrawnSubset | undefined =>
  of.round.drawn.find((each) => each.subsetIndex === subsetIndex);

function unanswered(of: RoundRecords, subsetIndex: number): string[] {
  const answered = new Set(of.jobs.filter((job) => job.subsetIndex === subsetIndex).map((job) => job.slot));
  const slots = drawnOf(of, subsetIndex)?.slots ?? [];
  return slots.filter((slot) => !answered.has(slot.slot)).map((slot) => slot.participantId);
}

/** Reveals are for the hosts that committed; then the attest deadline has to pass, and anyone tallies. */
function forDispute(of: RoundRecords, phases: Phases, subsetIndex: number): Waiting {
  const revealed = new Set(
    of.reveals.filter((each) => each.subsetIndex === subsetIndex).map((each) => each.slot),
  );
  const silent = of.jobs.filter(
    (job) => job.subsetIndex === subsetIndex && job.state === 'committed' && !revealed.has(job.slot),
  );
  const revealing = silent.length > 0 && !phases.reveal.passed;
  return {
    what: revealing ? `hosts of subset ${subsetIndex} to reveal` : `subset ${subsetIndex} to be tallied`,
    whom: revealing ? silent.map((job) => job.participantId) : [],
    transactions: revealing ? ['RevealUpdate'] : ['TallyRound'],
    until: phases.attest,
    thenAnyone: 'TallyRound',
    subsetIndex,
  };
}
