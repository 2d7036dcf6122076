import { z } from 'zod';
import { dataSubset, dataset } from './dataset.js';
import { deadlineView } from './deadline.js';
import { coupleId, datasetId, modelId, participantId } from './ids.js';
import { cloudInstance } from './instance.js';
import { configProposal, configVote, marketConfig, marketSettings } from './market.js';
import { participant } from './participant.js';
import { digest, mspId, stamp, transactionId } from './primitives.js';
import { role } from './roles.js';
import { attempt, reveal, round, roundPhases, subsetIndex, trainJob } from './round.js';
import { settlement, slotVerdict, verdictKind } from './verdict.js';

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

/** Something that a record waits for. */
export const waiting = z.strictObject({
  /** What is waited for, in words. */
  what: z.string(),
  /** Whom; empty where only the deadline is waited for, or where anyone may act. */
  whom: z.array(participantId),
  /** Transactions that end the wait. */
  transactions: z.array(z.string()),
  /** Until when; null where there is no deadline. */
  until: deadlineView.nullable(),
  /** What anyone may call after the deadline; null where nothing needs to be. */
  thenAnyone: z.string().nullable(),
  subsetIndex: subsetIndex.nullable(),
});
export type Waiting = z.infer<typeof waiting>;

/** One step of a couple's history. */
export const historyStep = z.strictObject({
  /** The transaction's name. */
  transaction: z.string(),
  at: stamp,
  attempt: attempt.nullable(),
  subsetIndex: subsetIndex.nullable(),
  /** Who took the step; null where anyone could. */
  participantId: participantId.nullable(),
  /** What came of it. */
  summary: z.string(),
  verdicts: z.array(slotVerdict),
});
export type HistoryStep = z.infer<typeof historyStep>;

/** A model that was trained on a dataset: one row for each couple that started a round. */
export const trainedModel = z.strictObject({ datasetId, modelId, coupleId, transactionId });
export type TrainedModel = z.infer<typeof trainedModel>;
