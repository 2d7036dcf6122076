/**
 * Schemas of what people and files say about a market and of what its ledger holds, and the limits that the contract sets.
 *
 * @module
 */
import {
  leastOrganizations,
  leastPeriods,
  leastSubsets,
  mostAttempts,
  mostReplicas,
  mostSubsets,
  mostSubsetsPerRound,
} from '@veritrain/chaincode/domain';

export { profileSchema } from './profile/profile.js';
export {
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
  minOrganizations: leastOrganizations,
  /** Tick periods that a deadline lasts. */
  minPeriods: leastPeriods,
  /** Subsets of a dataset. */
  minSubsets: leastSubsets,
  /** Rounds and spare attempts of a couple, each. */
  maxAttempts: mostAttempts,
  /** Replicas of a subset. */
  maxReplicas: mostReplicas,
  /** Subsets of a dataset. */
  maxSubsets: mostSubsets,
  /** Subsets that a round draws. */
  maxSubsetsPerRound: mostSubsetsPerRound,
});
