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
  quorum: z.int(),
  /** False below three replicas: one host cannot be judged, and two can only agree or be void. */
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

/** The progress of a configuration. */
export const marketOpening = z.strictObject({
  /** Null until the configuration holds. */
  config: marketConfig.nullable(),
  settings: marketSettings,
  /** The named organisations that have not confirmed exactly these settings. */
  missing: z.array(mspId),
});
export type MarketOpening = z.infer<typeof marketOpening>;

export const proposalView = z.strictObject({
  ...configProposal.shape,
  votes: z.array(configVote),
  /** Of the organisations that vote now. */
  votesNeeded: z.int(),
  /** Organisations that the proposal adds. Each must approve it, too. */
  joining: z.array(mspId),
});
export type ProposalView = z.infer<typeof proposalView>;

/** The caller as the ledger knows it. */
export const whoAmI = z.strictObject({
  mspId,
  identity: digest,
  administrator: z.boolean(),
  /** The roles that the certificate grants; null where it has no such attribute. */
  certifiedRoles: z.array(role).nullable(),
  participant: participant.nullable(),
});
export type WhoAmI = z.infer<typeof whoAmI>;

/** The progress of a drawn subset in a round. */
export const subsetProgress = z.strictObject({
  subsetIndex,
  slots: z.int(),
  commitments: z.int(),
  reports: z.int(),
  quorum: z.int(),
  /** True when a quorum of hosts has committed. Hosts upload now. */
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
export type WaitingKind = z.infer<typeof waitingKind>;

/** One thing that a record waits for. */
export const waiting = z.strictObject({
  kind: waitingKind,
  /** Set where they identify the wait. */
  attempt: attempt.nullable(),
  subsetIndex: subsetIndex.nullable(),
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
export type Waiting = z.infer<typeof waiting>;

/** A couple, its newest attempt, and the parties that it waits for. */
export const coupleView = z.strictObject({
  couple: trainCouple,
  /** Null before the first attempt. */
  round: roundView.nullable(),
  /** Empty when the couple waits for nothing. */
  waiting: z.array(waiting),
});
export type CoupleView = z.infer<typeof coupleView>;

/** One step of a couple's history. Its fields depend on the transaction; others are null. */
export const historyStep = z.strictObject({
  /** The transaction's name. */
  transaction: z.string(),
  at: stamp,
  attempt: attempt.nullable(),
  subsetIndex: subsetIndex.nullable(),
  instanceId: instanceId.nullable(),
  /** The party that took the step; null where anyone could. */
  participantId: participantId.nullable(),
  /** The model of the round, the digest that a host revealed, or the final model. */
  digest: digest.nullable(),
  /** Rounds that were requested or returned. */
  rounds: z.int().nullable(),
  rejectReason: rejectReason.nullable(),
  /** Subsets that were drawn. */
  drawn: z.array(subsetIndex),
  /** The outcome of the subset that this step settled; null where a close contested it. */
  outcome: outcome.nullable(),
  verdicts: z.array(slotVerdict),
});
export type HistoryStep = z.infer<typeof historyStep>;

/** A model that was trained on a dataset: one row for each couple that started a round. */
export const trainedModel = z.strictObject({ datasetId, modelId, coupleId, transactionId });
export type TrainedModel = z.infer<typeof trainedModel>;
