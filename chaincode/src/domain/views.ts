import { z } from 'zod';
import { rejectReason, trainCouple } from './couple.js';
import { dataSubset, dataset } from './dataset.js';
import { deadlineView } from './deadline.js';
import { coupleId, datasetId, instanceId, modelId, participantId } from './ids.js';
import { cloudInstance } from './instance.js';
import { configProposal, configVote, marketConfig, marketSettings } from './market.js';
import { participant } from './participant.js';
import { digest, mspId, stamp, transactionId } from './primitives.js';
import { role } from './roles.js';
import { attempt, reveal, round, roundPhases, subsetIndex, trainJob } from './round.js';
import { outcome, settlement, slotVerdict, verdictKind } from './verdict.js';

/** A dataset with what follows from its other records. */
export const datasetView = z.strictObject({
  ...dataset.shape,
  quorum: z.int(),
  /** False below three replicas: one host cannot be judged, two can only agree or be void. */
  liarsAreFound: z.boolean(),
  readySubsets: z.array(z.int()),
  /** Whether every subset has a quorum of verified slots, so that requests are open. */
  ready: z.boolean(),
  reservedRounds: z.int(),
});
export type DatasetView = z.infer<typeof datasetView>;

/** A subset with all its slots, open ones included. */
export const subsetView = z.strictObject({ ...dataSubset.shape, slots: z.array(cloudInstance) });
export type SubsetView = z.infer<typeof subsetView>;

/** How far a configuration is. */
export const marketOpening = z.strictObject({
  /** Null until it holds. */
  config: marketConfig.nullable(),
  settings: marketSettings,
  /** The organisations that it names and that have not confirmed exactly these settings. */
  missing: z.array(mspId),
});
export type MarketOpening = z.infer<typeof marketOpening>;

export const proposalView = z.strictObject({
  ...configProposal.shape,
  votes: z.array(configVote),
  /** Of the organisations that vote now. */
  votesNeeded: z.int(),
  /** Organisations that it adds, each of which must approve, too. */
  joining: z.array(mspId),
});
export type ProposalView = z.infer<typeof proposalView>;

/** The caller as the ledger knows it. */
export const whoAmI = z.strictObject({
  mspId,
  identity: digest,
  administrator: z.boolean(),
  /** Roles that the certificate grants; null where it carries no such attribute. */
  certifiedRoles: z.array(role).nullable(),
  participant: participant.nullable(),
});
export type WhoAmI = z.infer<typeof whoAmI>;

/** How a drawn subset of a round stands. */
export const subsetProgress = z.strictObject({
  subsetIndex,
  slots: z.int(),
  commitments: z.int(),
  reports: z.int(),
  quorum: z.int(),
  /** A quorum of commitments: hosts upload now. */
  quorumReached: z.boolean(),
  settled: z.boolean(),
});
export type SubsetProgress = z.infer<typeof subsetProgress>;

const phaseDeadlines = z.record(z.enum(roundPhases), deadlineView);

/** A round with its jobs, settlements, reveals and deadlines. */
export const roundView = z.strictObject({
  ...round.shape,
  /** Whether every drawn subset is settled. */
  settled: z.boolean(),
  subsets: z.array(subsetProgress),
  jobs: z.array(trainJob),
  settlements: z.array(settlement),
  reveals: z.array(reveal),
  startBy: deadlineView,
  phases: phaseDeadlines.nullable(),
});
export type RoundView = z.infer<typeof roundView>;

/** A job with its verdict, null until its subset is settled. */
export const jobView = z.strictObject({ ...trainJob.shape, verdict: verdictKind.nullable() });
export type JobView = z.infer<typeof jobView>;

/**
 * verification: a package that a host took to be verified; notice: the notice of a host that leaves to end; answer: a
 * request to be answered; start: an attempt to be started; nextRound: the next round, or the end; updates: hosts to
 * commit or report; close: a subset to be closed; reveals: hosts to reveal; tally: a subset to be tallied.
 */
export const waitingKind = z.enum([
  'verification',
  'notice',
  'answer',
  'start',
  'nextRound',
  'updates',
  'close',
  'reveals',
  'tally',
]);
export type WaitingKind = z.infer<typeof waitingKind>;

/** Something that a record waits for. */
export const waiting = z.strictObject({
  kind: waitingKind,
  /** Where they tell what is waited for. */
  attempt: attempt.nullable(),
  subsetIndex: subsetIndex.nullable(),
  instanceId: instanceId.nullable(),
  /** Whom; empty where only the deadline is waited for, or where anyone may act. */
  whom: z.array(participantId),
  /** Transactions that end the wait. */
  transactions: z.array(z.string()),
  /** Until when; null where there is no deadline. */
  until: deadlineView.nullable(),
  /** What anyone may call after the deadline; null where nothing needs to be. */
  thenAnyone: z
    .enum(['ExpireJoin', 'LeaveInstance', 'CancelTraining', 'ExpireRound', 'TallyRound'])
    .nullable(),
});
export type Waiting = z.infer<typeof waiting>;

/** A couple, its newest attempt, and whom it waits for. */
export const coupleView = z.strictObject({
  couple: trainCouple,
  /** Null before the first attempt. */
  round: roundView.nullable(),
  /** Empty when it waits for nothing. */
  waiting: z.array(waiting),
});
export type CoupleView = z.infer<typeof coupleView>;

/** One step of a couple's history. What it says depends on the transaction; what does not apply is null. */
export const historyStep = z.strictObject({
  /** The transaction's name. */
  transaction: z.string(),
  at: stamp,
  attempt: attempt.nullable(),
  subsetIndex: subsetIndex.nullable(),
  instanceId: instanceId.nullable(),
  /** Who took the step; null where anyone could. */
  participantId: participantId.nullable(),
  /** The model that was sent out, the digest that a host revealed, or the final model. */
  digest: digest.nullable(),
  /** Rounds that were asked for, or that were given back. */
  rounds: z.int().nullable(),
  rejectReason: rejectReason.nullable(),
  /** Subsets that were drawn. */
  drawn: z.array(subsetIndex),
  /** Of a subset that this step settled; null where a close contested it. */
  outcome: outcome.nullable(),
  verdicts: z.array(slotVerdict),
});
export type HistoryStep = z.infer<typeof historyStep>;

/** A model that was trained on a dataset: one row for each couple that started a round. */
export const trainedModel = z.strictObject({ datasetId, modelId, coupleId, transactionId });
export type TrainedModel = z.infer<typeof trainedModel>;
