import {
  allAnswered,
  batchHasQuorum,
  batchIsVoid,
  batchOf,
  ContractError,
  outcomeOfBatch,
  parseJobId,
  roundDeadline,
  roundPhases,
  type BatchProgress,
  type DeadlineView,
  type DrawnSubset,
  type JobView,
  type Outcome,
  type ParsedInputOf,
  type Reveal,
  type Round,
  type RoundPhase,
  type RoundView,
  type Settlement,
  type SubsetAnswers,
  type SubsetProgress,
  type TrainCouple,
  type TrainJob,
} from '../../domain/index.js';
import { indexes, records } from '../../ledger/collections.js';
import { listByIndex, listRecords } from '../../ledger/lists.js';
import type { Page } from '../../ledger/overlay.js';
import type { Transaction } from '../../ledger/transaction.js';
import { isSettled } from '../couple/coupleRecord.js';
import { phaseDeadline } from './startedRound.js';

/** All records of one round. */
export interface RoundRecords {
  readonly round: Round;
  readonly jobs: TrainJob[];
  readonly settlements: Settlement[];
  readonly reveals: Reveal[];
}

/** Reads no records that the round cannot have yet: each read is a message to the peer and back. */
export async function roundRecords(tx: Transaction, round: Round): Promise<RoundRecords> {
  const { coupleId, attempt } = round;
  if (round.deadlines === null) return { round, jobs: [], settlements: [], reveals: [] };
  // Along with the times that every view has.
  const [jobs] = await Promise.all([
    tx.ledger.all(records.job, coupleId, attempt),
    tx.view(round.startDeadline),
    tx.passed(phaseDeadline(round, 'commit')),
  ]);
  const settlements = (await mayBeSettled(tx, round, jobs))
    ? await tx.ledger.all(records.settlement, coupleId, attempt)
    : [];
  const reveals = (await mayBeRevealed(tx, round, settlements))
    ? await tx.ledger.all(records.reveal, coupleId, attempt)
    : [];
  return { round, jobs, settlements, reveals };
}

/** No subset is settled or contested before its last answer, or the end of the time to answer. */
const mayBeSettled = async (tx: Transaction, round: Round, jobs: readonly TrainJob[]): Promise<boolean> =>
  round.drawn.some((drawn) => allAnswered({ drawn, jobs: jobsOn(drawn, jobs) })) ||
  tx.passed(phaseDeadline(round, 'commit'));

const jobsOn = ({ subsetIndex }: DrawnSubset, jobs: readonly TrainJob[]): TrainJob[] =>
  jobs.filter((job) => job.subsetIndex === subsetIndex);

/** A host reveals only where its subset is contested, or nobody closed it in time. */
const mayBeRevealed = async (
  tx: Transaction,
  round: Round,
  settlements: readonly Settlement[],
): Promise<boolean> =>
  settlements.some(({ closedAt, settledAt }) => closedAt?.transactionId !== settledAt?.transactionId) ||
  tx.passed(phaseDeadline(round, 'close'));

/** The progress of each drawn subset, in the order of the draw. */
export function progressOf(of: RoundRecords, couple: TrainCouple): SubsetProgress[] {
  return of.round.drawn.map((drawn) => {
    const { subsetIndex, slots } = drawn;
    const jobs = jobsOn(drawn, of.jobs);
    const commitments = jobs.filter((job) => job.state === 'committed').length;
    const settlement = of.settlements.find((each) => each.subsetIndex === subsetIndex);
    return {
      subsetIndex,
      slots: slots.length,
      commitments,
      reports: jobs.length - commitments,
      quorum: couple.terms.quorum,
      quorumReached: commitments >= couple.terms.quorum,
      settled: settlement?.state === 'settled',
    };
  });
}

const answersIn = (
  tx: Transaction,
  of: RoundRecords,
  drawn: DrawnSubset,
  replicas: number,
): SubsetAnswers => ({
  place: tx.place,
  drawn,
  replicas,
  jobs: jobsOn(drawn, of.jobs),
});

/** A batch of a round's drawn subsets. */
interface DrawnBatch {
  readonly subsets: readonly SubsetAnswers[];
  readonly progress: BatchProgress;
}

/** The batches of drawn subsets, in the order of the draw. */
export function batchesIn(
  tx: Transaction,
  couple: TrainCouple,
  of: RoundRecords,
  commitOver: boolean,
): DrawnBatch[] {
  const batches = new Map<string, DrawnSubset[]>();
  for (const drawn of of.round.drawn) {
    const name = batchOf(couple.terms, drawn.subsetIndex).join();
    batches.set(name, [...(batches.get(name) ?? []), drawn]);
  }
  const { replicas } = couple.terms;
  return [...batches.values()].map((batch) => {
    const subsets = batch.map((drawn) => answersIn(tx, of, drawn, replicas));
    const subsetIndexes = batch.map(({ subsetIndex }) => subsetIndex);
    const quorumReached = batchHasQuorum(subsets);
    const settled = outcomeOfBatch(subsetIndexes.map((index) => outcomeIn(of, index)));
    const outcome = batchIsVoid(subsets, commitOver) ? 'void' : settled;
    return { subsets, progress: { subsetIndexes, quorumReached, outcome } };
  });
}

const outcomeIn = (of: RoundRecords, subsetIndex: number): Outcome | null =>
  of.settlements.find((settlement) => settlement.subsetIndex === subsetIndex)?.outcome ?? null;

export async function phasesOf(
  tx: Transaction,
  round: Round,
): Promise<Record<RoundPhase, DeadlineView> | null> {
  const { deadlines } = round;
  if (deadlines === null) return null;
  const views: Partial<Record<RoundPhase, DeadlineView>> = {};
  for (const phase of roundPhases) views[phase] = await tx.view(roundDeadline(deadlines, phase));
  return views as Record<RoundPhase, DeadlineView>;
}

export async function getRound(tx: Transaction, input: ParsedInputOf<'GetRound'>): Promise<RoundView> {
  const { coupleId, attempt } = input;
  await tx.ledger.prepare([records.couple, coupleId], [records.round, coupleId, attempt], [records.clock]);
  const couple = await tx.find(records.couple, 'couple', coupleId);
  const round = await tx.find(records.round, 'round', coupleId, attempt);
  return roundViewOf(tx, couple, await roundRecords(tx, round));
}

export async function roundViewOf(
  tx: Transaction,
  couple: TrainCouple,
  of: RoundRecords,
): Promise<RoundView> {
  const { round } = of;
  const phases = await phasesOf(tx, round);
  return {
    ...round,
    settled: isSettled(round, of.settlements),
    subsets: progressOf(of, couple),
    batches: batchesIn(tx, couple, of, phases?.commit.passed === true).map(({ progress }) => progress),
    jobs: of.jobs,
    settlements: of.settlements,
    reveals: of.reveals,
    startBy: await tx.view(round.startDeadline),
    phases,
  };
}

export async function listRounds(tx: Transaction, input: ParsedInputOf<'ListRounds'>): Promise<Page<Round>> {
  await tx.find(records.couple, 'couple', input.coupleId);
  return listRecords(tx, records.round, [input.coupleId], input);
}

async function withVerdict(tx: Transaction, job: TrainJob): Promise<JobView> {
  const { coupleId, attempt, subsetIndex, slot } = job;
  const settlement = await tx.ledger.get(records.settlement, coupleId, attempt, subsetIndex);
  const verdict = settlement?.verdicts.find((each) => each.slot === slot)?.verdict ?? null;
  return { ...job, verdict };
}

export async function getJob(tx: Transaction, { jobId }: ParsedInputOf<'GetJob'>): Promise<JobView> {
  const { coupleId, attempt, subsetIndex, slot } = parseJobId(jobId);
  return withVerdict(tx, await tx.find(records.job, 'job', coupleId, attempt, subsetIndex, slot));
}

export async function listJobs(tx: Transaction, input: ParsedInputOf<'ListJobs'>): Promise<Page<JobView>> {
  const page = await jobPage(tx, input);
  const items = await Promise.all(page.items.map((job) => withVerdict(tx, job)));
  return { items, bookmark: page.bookmark };
}

function jobPage(tx: Transaction, input: ParsedInputOf<'ListJobs'>): Promise<Page<TrainJob>> {
  const { coupleId, attempt, participantId } = input;
  if (attempt !== undefined && coupleId === undefined) {
    throw new ContractError('INVALID_INPUT', 'attempt: requires a coupleId.');
  }
  const within = [coupleId, attempt].filter((part) => part !== undefined);
  return participantId === undefined
    ? listRecords(tx, records.job, within, input)
    : listByIndex(tx, indexes.jobByHost, [participantId, ...within], records.job, input);
}
