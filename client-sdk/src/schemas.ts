/**
 * Schemas of what people and files say about a market and of what its ledger holds, and the limits that the contract sets.
 *
 * @module
 */
import {
  minOrganizations,
  minBatchSize,
  minPeriods,
  minSubsets,
  maxAttempts,
  maxReplicas,
  maxReplicasOfSums,
  maxSubsets,
  maxSubsetsPerRound,
} from '@veritrain/chaincode/domain';

export { profileSchema } from './profile/profile.js';
export {
  aggregation as aggregationSchema,
  compactJwe as compactJweSchema,
  datasetId as datasetIdSchema,
  digest as digestSchema,
  es256Signature as es256SignatureSchema,
  instanceId as instanceIdSchema,
  marketEvent as marketEventSchema,
  participantId as participantIdSchema,
  protection as protectionSchema,
  publicJwk as publicJwkSchema,
  recordSchemas,
  rejectReason as rejectReasonSchema,
  role as roleSchema,
  vaultHandle as vaultHandleSchema,
  waitingKind as waitingKindSchema,
} from '@veritrain/chaincode/domain';

/** What the contract allows at least and at most. */
export const limits = Object.freeze({
  /** Fewer voting organisations make a development market. */
  minOrganizations,
  /** Tick periods that a deadline lasts. */
  minPeriods,
  /** Subsets of a dataset. */
  minSubsets,
  /** Subsets of a dataset of sums only, and of each of its batches. */
  minBatchSize,
  /** Rounds and spare attempts of a couple, each. */
  maxAttempts,
  /** Replicas of a subset. */
  maxReplicas,
  /** Replicas of a subset of a dataset of sums only. */
  maxReplicasOfSums,
  /** Subsets of a dataset. */
  maxSubsets,
  /** Subsets that a round draws. */
  maxSubsetsPerRound,
});
