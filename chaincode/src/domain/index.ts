/**
 * The shared vocabulary of a Veritrain market: schemas, ids, hashes, rules. It runs in Node and depends on zod alone.
 */
export {
  participantId,
  datasetId,
  modelId,
  coupleId,
  proposalId,
  subsetId,
  instanceId,
  jobId,
  subsetIdOf,
  instanceIdOf,
  jobIdOf,
  parseInstanceId,
  parseJobId,
} from './ids.js';
export type { InstanceAddress, JobAddress } from './ids.js';
export { ownedId, ownedNameCharacters, isOwnedByAnother } from './ownedId.js';
export type { OwnedPrefix, IdOwner } from './ownedId.js';
export { base32Alphabet } from './base32.js';
export {
  digest,
  nonce,
  vaultHandle,
  compactJwe,
  es256Signature,
  epochMs,
  durationMs,
  mspId,
  transactionId,
  decimal,
  publicJwk,
  stamp,
  pageInput,
  defaultPageSize,
  pageOf,
} from './primitives.js';
export type { PublicJwk, Stamp } from './primitives.js';
export {
  roles,
  role,
  rolesAttribute,
  companyAttribute,
  companyTag,
  administratorAttribute,
} from './roles.js';
export type { Role } from './roles.js';
export { canonicalHashBytes, canonicalHash } from './hash.js';
export type { LedgerContext } from './hash.js';
export { errorTable, errorNames, errorCode, errorHelp, ContractError, parseErrorMessage } from './errors.js';
export type { ErrorName, ErrorFacts, ParsedContractError } from './errors.js';
export {
  clock,
  clockAtStart,
  deadline,
  startRowOf,
  dueAt,
  hasPassed,
  deadlineView,
  viewDeadline,
  minPeriods,
} from './deadline.js';
export type { Clock, TickRow, Deadline, DeadlineView } from './deadline.js';
export {
  marketSettings,
  marketConfig,
  minOrganizations,
  configConfirmation,
  configProposal,
  configVote,
  votesNeeded,
  checkSettings,
  checkDurations,
} from './market.js';
export type {
  MarketSettings,
  MarketConfig,
  ConfigConfirmation,
  ConfigProposal,
  ConfigVote,
} from './market.js';
export { participantFields, participant, foreignKeysOf, identityOf } from './participant.js';
export type { Participant } from './participant.js';
export { participantIdOf, fingerprintOf } from './selfCertifiedId.js';
export type { ParticipantKeys } from './selfCertifiedId.js';
export {
  aggregation,
  minBatchSize,
  maxReplicasOfSums,
  batchesOf,
  allBatches,
  batchOf,
  largestBatch,
  mostDrawn,
  requireBatches,
} from './batches.js';
export type { Aggregation, Batched } from './batches.js';
export {
  minSubsets,
  maxSubsets,
  maxReplicas,
  maxSubsetsPerRound,
  protection,
  datasetDeadlines,
  requestRules,
  datasetFields,
  dataset,
  datasetRounds,
  datasetReadiness,
  verifiedSlot,
  dataSubset,
  checkDatasetDeadlines,
  defaultSubsetsPerRound,
} from './dataset.js';
export type {
  Protection,
  DatasetDeadlines,
  Dataset,
  DatasetRounds,
  DatasetReadiness,
  VerifiedSlot,
  DataSubset,
} from './dataset.js';
export { instanceState, cloudInstance, openInstance } from './instance.js';
export type { InstanceState, CloudInstance } from './instance.js';
export { modelFields, model } from './model.js';
export type { Model } from './model.js';
export {
  maxAttempts,
  maxOpenRequests,
  requestFields,
  coupleTerms,
  rejectReason,
  metrics,
  coupleState,
  trainCouple,
} from './couple.js';
export type { CoupleTerms, RejectReason, TrainCouple } from './couple.js';
export {
  attempt,
  subsetIndex,
  roundDeadlines,
  roundPhases,
  roundDeadline,
  drawnSlot,
  drawnSubset,
  roundState,
  round,
  jobState,
  trainJob,
  reveal,
} from './round.js';
export type { RoundDeadlines, RoundPhase, DrawnSlot, DrawnSubset, Round, TrainJob, Reveal } from './round.js';
export { updateCommitment, packageCommitment } from './commitment.js';
export type { UpdateCommitmentFacts, PackageCommitmentFacts } from './commitment.js';
export { joinTokenMessage, verifyJoinToken } from './joinToken.js';
export type { JoinTokenFacts } from './joinToken.js';
export {
  linkBefore,
  linkSteps,
  drawAnchor,
  drawLink,
  drawChain,
  anchoredChain,
  openLink,
  drawSeed,
} from './drawLink.js';
export type { DrawSide, DrawChainFacts, DrawChain, DrawSeedFacts } from './drawLink.js';
export { checkDraws } from './checkDraws.js';
export type { DrawCheck, DrawFault } from './checkDraws.js';
export { draw } from './draw.js';
export type { DrawInput, Draw } from './draw.js';
export {
  quorumOf,
  verdictKind,
  slotVerdict,
  claim,
  outcome,
  settlementState,
  settlement,
  commitmentsOf,
  allAnswered,
  opensWith,
  openings,
  hasQuorum,
  haveCommitted,
  judgeClose,
  judgeTally,
} from './verdict.js';
export { batchHasQuorum, batchIsVoid, outcomeOfBatch } from './batchVerdict.js';
export type { VerdictKind, SlotVerdict, Outcome, Settlement, SubsetAnswers, Judgement } from './verdict.js';
export { canonicalJson } from './canonicalJson.js';
export { conductKind, conductRecord } from './conduct.js';
export type { ConductKind, ConductRecord } from './conduct.js';
export { consequencesOf } from './consequences.js';
export type { Consequence, Ruling } from './consequences.js';
export {
  keysOf,
  maxSubsetsPerCall,
  subsetsPerClose,
  subsetsPerTally,
  subsetsPerVerification,
} from './keyCosts.js';
export type { Judged } from './keyCosts.js';
export { nextStates, step, finalStates } from './transition.js';
export type { Actor, Transition, StateMachine } from './transition.js';
export {
  datasetMachine,
  instanceMachine,
  coupleMachine,
  roundMachine,
  jobMachine,
  settlementMachine,
  proposalMachine,
} from './stateMachines.js';
export { marketEventName, eventSchemaVersion, marketChange, changeTypes, marketEvent } from './changes.js';
export type { MarketChange, ChangeType, MarketEvent } from './changes.js';
export {
  datasetView,
  subsetView,
  marketOpening,
  proposalView,
  whoAmI,
  subsetProgress,
  batchProgress,
  roundView,
  jobView,
  waitingKind,
  waiting,
  coupleView,
  historyStep,
  trainedModel,
} from './views.js';
export type {
  DatasetView,
  SubsetView,
  MarketOpening,
  ProposalView,
  WhoAmI,
  SubsetProgress,
  BatchProgress,
  RoundView,
  JobView,
  WaitingKind,
  Waiting,
  CoupleView,
  HistoryStep,
  TrainedModel,
} from './views.js';
export { keyParts, recordSchemas } from './recordSchemas.js';
export { contractNames, commonErrors } from './transactions/specification.js';
export type { ContractName, TransactionSpecification } from './transactions/specification.js';
export { transactions, transactionNames, qualifiedName } from './transactions/index.js';
export type { TransactionName, InputOf, ParsedInputOf, OutputOf } from './transactions/index.js';
export { recordFields, recordVerbs } from './transactions/records.js';
export type { RecordKind, RecordField } from './transactions/records.js';
