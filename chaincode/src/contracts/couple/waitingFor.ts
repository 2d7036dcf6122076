import type {
  BatchProgress,
  DeadlineView,
  DrawnSubset,
  Round,
  RoundPhase,
  TrainCouple,
  Waiting,
} from '../../domain/index.js';
import type { Transaction } from '../../ledger/transaction.js';
import { batchesIn, phasesOf, progressOf, type RoundRecords } from '../round/queries.js';
import { isSettled } from './coupleRecord.js';
import { idleDeadline } from './end.js';

type Phases = Record<RoundPhase, DeadlineView>;

/** A wait sets these fields only where they identify what it waits for. */
const plain = { attempt: null, subsetIndex: null, instanceId: null } as const;

/**
 * The parties that a couple waits for, their deadline, and the transactions that anyone may call after it.
 * @param of the records of its newest attempt; null before the first
 */
export async function waitingFor(
  tx: Transaction,
  couple: TrainCouple,
  of: RoundRecords | null,
): Promise<Waiting[]> {
  if (couple.state === 'requested') return [await forAnswer(tx, couple)];
  if (couple.state !== 'approved') return [];
  if (of?.round.state === 'opened') return [await forStart(tx, couple, of.round)];
  if (of?.round.state === 'started' && !isSettled(of.round, of.settlements))
    return forSubsets(tx, couple, of);
  return [await forNextRound(tx, couple, of)];
}

const forAnswer = async (tx: Transaction, couple: TrainCouple): Promise<Waiting> => ({
  ...plain,
  kind: 'answer',
  whom: [couple.dataOwnerId],
  transactions: ['ApproveTraining', 'RejectTraining'],
  until: await tx.view(couple.answerDeadline),
  thenAnyone: 'CancelTraining',
});

const forStart = async (tx: Transaction, couple: TrainCouple, round: Round): Promise<Waiting> => ({
  ...plain,
  kind: 'start',
  attempt: round.attempt,
  whom: [couple.dataOwnerId],
  transactions: ['StartRound'],
  until: await tx.view(round.startDeadline),
  thenAnyone: 'ExpireRound',
});

const forNextRound = async (
  tx: Transaction,
  couple: TrainCouple,
  of: RoundRecords | null,
): Promise<Waiting> => ({
  ...plain,
  kind: 'nextRound',
  whom: [couple.modelOwnerId],
  transactions: ['OpenRound', 'FinishTraining'],
  until: await tx.view(idleDeadline(couple, { round: null, settlements: [], ...of })),
  thenAnyone: 'CancelTraining',
});

async function forSubsets(tx: Transaction, couple: TrainCouple, of: RoundRecords): Promise<Waiting[]> {
  const phases = await phasesOf(tx, of.round);
  if (phases === null) return [];
  const batches = batchesIn(tx, couple, of, phases.commit.passed);
  return progressOf(of, couple)
    .filter((progress) => !progress.settled)
    .map(({ subsetIndex }) => {
      const batch = batches.find(({ progress }) => progress.subsetIndexes.includes(subsetIndex));
      return forSubset(couple, of, phases, { subsetIndex, sisters: undecided(batch?.progress) });
    });
}

/** The subsets whose hosts a close waits for, too: until it is certain whether the batch is void. */
const undecided = (batch: BatchProgress | undefined): readonly number[] =>
  batch === undefined || batch.quorumReached || batch.outcome === 'void' ? [] : batch.subsetIndexes;

interface WaitingSubset {
  readonly subsetIndex: number;
  readonly sisters: readonly number[];
}

function forSubset(couple: TrainCouple, of: RoundRecords, phases: Phases, waiting: WaitingSubset): Waiting {
  const { subsetIndex, sisters } = waiting;
  const contested = of.settlements.some((each) => each.subsetIndex === subsetIndex);
  if (contested || phases.close.passed) return forDispute(of, phases, subsetIndex);
  const { attempt } = of.round;
  const own = unanswered(of, subsetIndex);
  const missing = own.length > 0 ? own : [...new Set(sisters.flatMap((index) => unanswered(of, index)))];
  if (missing.length > 0 && !phases.commit.passed) {
    return {
      ...plain,
      kind: 'updates',
      attempt,
      subsetIndex,
      whom: missing,
      transactions: ['SubmitUpdate', 'ReportUnavailable'],
      until: phases.commit,
      thenAnyone: null,
    };
  }
  return {
    ...plain,
    kind: 'close',
    attempt,
    subsetIndex,
    whom: [couple.modelOwnerId],
    transactions: ['CloseRound'],
    until: phases.close,
    thenAnyone: null,
  };
}

const drawnOf = (of: RoundRecords, subsetIndex: number): DrawnSubset | undefined =>
  of.round.drawn.find((each) => each.subsetIndex === subsetIndex);

function unanswered(of: RoundRecords, subsetIndex: number): string[] {
  const answered = new Set(of.jobs.filter((job) => job.subsetIndex === subsetIndex).map((job) => job.slot));
  const slots = drawnOf(of, subsetIndex)?.slots ?? [];
  return slots.filter((slot) => !answered.has(slot.slot)).map((slot) => slot.participantId);
}

/** Hosts that committed may reveal. After the attest deadline anyone may tally. */
function forDispute(of: RoundRecords, phases: Phases, subsetIndex: number): Waiting {
  const revealed = new Set(
    of.reveals.filter((each) => each.subsetIndex === subsetIndex).map((each) => each.slot),
  );
  const silent = of.jobs.filter(
    (job) => job.subsetIndex === subsetIndex && job.state === 'committed' && !revealed.has(job.slot),
  );
  const revealing = silent.length > 0 && !phases.reveal.passed;
  return {
    ...plain,
    kind: revealing ? 'reveals' : 'tally',
    attempt: of.round.attempt,
    subsetIndex,
    whom: revealing ? silent.map((job) => job.participantId) : [],
    transactions: revealing ? ['RevealUpdate'] : ['TallyRound'],
    until: phases.attest,
    thenAnyone: 'TallyRound',
  };
}
