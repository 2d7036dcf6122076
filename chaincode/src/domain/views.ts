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

/** A dataset with the facts that follow from its other records. */
export const datasetView = z.strictObject({
  ...dataset.shape,
  /** Equal updates of a subset that convict the others. */
  quorum: z.int(),
  /** False below three replicas: one host cannot be judged, and two can only agree or be void. */
  liarsAreFound: z.boolean(),
  /** Indexes of subsets that have a quorum of verified slots, ascending. */
  readySubsets: z.array(z.int()),
  /** Whether every subset has a quorum of verified slots, so that requests are open. */
  ready: z.boolean(),
  /** Lifetime rounds that couples hold. */
  reservedRounds: z.int(),
});
/** A dataset with what follows from its other records. */
export interface DatasetView extends z.infer<typeof datasetView> {}

/** A subset with all its slots, open ones included. */
export const subsetView = z.strictObject({
  ...dataSubset.shape,
  /** All its slots, by number. */
  slots: z.array(cloudInstance),
});
/** A subset with all its slots. */
export interface SubsetView extends z.infer<typeof subsetView> {}

/** The progress of a configuration. */
export const marketOpening = z.strictObject({
  /** Null until the configuration holds. */
  config: marketConfig.nullable(),
  /** What is to hold. */
  settings: marketSettings,
  /** The named organisations that have not confirmed exactly these settings. */
  missing: z.array(mspId),
});
/** How far a configuration is. */
export interface MarketOpening extends z.infer<typeof marketOpening> {}

export const proposalView = z.strictObject({
  ...configProposal.shape,
  /** The votes so far. */
  votes: z.array(configVote),
  /** Of the organisations that vote now. */
  votesNeeded: z.int(),
  /** Organisations that the proposal adds. Each must approve it, too. */
  joining: z.array(mspId),
});
/** A configuration proposal with its votes. */
export interface ProposalView extends z.infer<typeof proposalView> {}

/** The caller as the ledger knows it. */
export const whoAmI = z.strictObject({
  /** The MSP id of the caller. */
  mspId,
  /** Hash of MSP id, subject and issuer. */
  identity: digest,
  /** Whether the certificate is an administrator’s. */
  administrator: z.boolean(),
  /** The roles that the certificate grants; null where it has no such attribute. */
  certifiedRoles: z.array(role).nullable(),
  /** The participant that the caller registered as; null if none. */
  participant: participant.nullable(),
});
/** The caller, as the ledger knows it. */
export interface WhoAmI extends z.infer<typeof whoAmI> {}

/** The progress of a drawn subset in a round. */
export const subsetProgress = z.strictObject({
  subsetIndex,
  /** Slots that the round drew. */
  slots: z.int(),
  /** Hosts that committed. */
  commitments: z.int(),
  /** Hosts that could not have the model. */
  reports: z.int(),
  /** Commitments that make a quorum. */
  quorum: z.int(),
  /** True when a quorum of its hosts has committed. They upload once this holds of the whole batch. */
  quorumReached: z.boolean(),
  /** Whether it is settled. */
  settled: z.boolean(),
});
/** How a drawn subset of a round stands. */
export interface SubsetProgress extends z.infer<typeof subsetProgress> {}

/**
 * How a batch of drawn subsets stands. It is drawn whole, and void or read as a whole. A dataset without `sum` has a batch
 * for each subset.
 */
export const batchProgress = z.strictObject({
  /** Its subsets, ascending. */
  subsetIndexes: z.array(subsetIndex),
  /** True when a quorum of the hosts of each of its subsets has committed. Hosts upload now. */
  quorumReached: z.boolean(),
  /**
   * agreed: each of its subsets is; forfeited: one of them is; void: one of them lacks a quorum and can get none any more,
   * so all are, settled or not. Null while none of this is certain.
   */
  outcome: outcome.nullable(),
});
/** How a batch of drawn subsets stands. */
export interface BatchProgress extends z.infer<typeof batchProgress> {}

const phaseDeadlines = z.record(z.enum(roundPhases), deadlineView);

/** A round with its jobs, settlements, reveals and deadlines. */
export const roundView = z.strictObject({
  ...round.shape,
  /** Whether every drawn subset is settled. */
  settled: z.boolean(),
  /** How each drawn subset stands. */
  subsets: z.array(subsetProgress),
  /** How each batch of them stands, in the order of the draw. */
  batches: z.array(batchProgress),
  /** The answers so far. */
  jobs: z.array(trainJob),
  /** The settlements so far. */
  settlements: z.array(settlement),
  /** The reveals so far. */
  reveals: z.array(reveal),
  /** Until when the data owner may start it. */
  startBy: deadlineView,
  /** The five deadlines of a started round; null until it starts. */
  phases: phaseDeadlines.nullable(),
});
/** A round with its jobs, settlements, reveals and deadlines. */
export interface RoundView extends z.infer<typeof roundView> {}

/** A job with its verdict, null until its subset is settled. */
export const jobView = z.strictObject({
  ...trainJob.shape,
  /** Null until its subset is settled. */
  verdict: verdictKind.nullable(),
});
/** A job with its verdict. */
export interface JobView extends z.infer<typeof jobView> {}

/**
 * verification: the data owner must verify a joined slot; notice: a leaving host's notice must end; answer: the data
 * owner must answer a request; start: the data owner must start an attempt; nextRound: the next round, or the end;
 * updates: hosts must commit or report; close: the model owner must close a subset; reveals: hosts must reveal; tally:
 * a subset needs its tally.
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
/** What a record waits for. */
export type WaitingKind = z.infer<typeof waitingKind>;

/** One thing that a record waits for. */
export const waiting = z.strictObject({
  /** What is waited for. */
  kind: waitingKind,
  /** Set where they identify the wait. */
  attempt: attempt.nullable(),
  /** The subset that is waited for; null where it is no subset. */
  subsetIndex: subsetIndex.nullable(),
  /** The slot that is waited for; null where it is no slot. */
  instanceId: instanceId.nullable(),
  /** The participants to wait for; empty where only the deadline counts, or where anyone may act. */
  whom: z.array(participantId),
  /** Transactions that end the wait. */
  transactions: z.array(z.string()),
  /** The deadline of the wait; null where there is none. */
  until: deadlineView.nullable(),
  /** The transaction that anyone may call after the deadline; null where none is needed. */
  thenAnyone: z
    .enum(['ExpireJoin', 'LeaveInstance', 'CancelTraining', 'ExpireRound', 'TallyRound'])
    .nullable(),
});
/** Something that a record waits for, of whom, and until when. */
export interface Waiting extends z.infer<typeof waiting> {}

/** A couple, its newest attempt, and the parties that it waits for. */
export const coupleView = z.strictObject({
  /** The couple. */
  couple: trainCouple,
  /** Null before the first attempt. */
  round: roundView.nullable(),
  /** Empty when the couple waits for nothing. */
  waiting: z.array(waiting),
});
/** A couple, its newest attempt, and whom it waits for. */
export interface CoupleView extends z.infer<typeof coupleView> {}

/** One step of a couple's history. Its fields depend on the transaction; others are null. */
export const historyStep = z.strictObject({
  /** The transaction's name. */
  transaction: z.string(),
  /** When it was taken. */
  at: stamp,
  /** Null where the step is of no attempt. */
  attempt: attempt.nullable(),
  /** Null where the step is of no subset. */
  subsetIndex: subsetIndex.nullable(),
  /** Null where the step is of no slot. */
  instanceId: instanceId.nullable(),
  /** The party that took the step; null where anyone could. */
  participantId: participantId.nullable(),
  /** The model of the round, the digest that a host revealed, or the final model. */
  digest: digest.nullable(),
  /** Rounds that were requested or returned. */
  rounds: z.int().nullable(),
  /** Of a rejection. */
  rejectReason: rejectReason.nullable(),
  /** Subsets that were drawn. */
  drawn: z.array(subsetIndex),
  /** The outcome of the subset that this step settled; null where a close contested it. */
  outcome: outcome.nullable(),
  /** Of the slots of a subset that this step settled. */
  verdicts: z.array(slotVerdict),
});
/** One step of a couple's history. */
export interface HistoryStep extends z.infer<typeof historyStep> {}

/** A model that was trained on a dataset: one row for each couple that started a round. */
export const trainedModel = z.strictObject({ datasetId, modelId, coupleId, transactionId });
/** A model that was trained on a dataset. */
export interface TrainedModel extends z.infer<typeof trainedModel> {}
