/**
 * A Veritrain market: typed transactions, queries and events. Other entries hold keys, vaults and the protocol (README).
 *
 * @module
 */
export { VeritrainError, isVeritrainError } from './errors.js';
export type { CallOptions, Committed } from './market/calls.js';
export type { CoupleRequest, RequestedCouple } from './market/couples.js';
export type { CommittedChange, WatchOptions } from './market/events.js';
export type {
  CoupleHandle,
  DatasetHandle,
  InstanceHandle,
  JobHandle,
  RoundHandle,
} from './market/recordHandles.js';
export { connectMarket } from './market/market.js';
export type { ConnectOptions, Market } from './market/market.js';
export { everyPage } from './market/pages.js';
export type { Page } from './market/pages.js';
export { loadProfile, writeProfile } from './profile/profile.js';
export type { LoadedProfile, Profile } from './profile/profile.js';
export type {
  Aggregation,
  BatchProgress,
  Clock,
  CloudInstance,
  ConductRecord,
  CoupleTerms,
  CoupleView,
  DataSubset,
  Dataset,
  DatasetDeadlines,
  DatasetView,
  DeadlineView,
  DrawnSlot,
  DrawnSubset,
  HistoryStep,
  JobView,
  MarketConfig,
  MarketSettings,
  Model,
  Participant,
  ProposalView,
  Protection,
  RejectReason,
  Reveal,
  Role,
  RoundView,
  Settlement,
  SlotVerdict,
  SubsetProgress,
  SubsetView,
  TrainCouple,
  TrainJob,
  TrainedModel,
  VerdictKind,
  Waiting,
  WaitingKind,
  WhoAmI,
} from '@veritrain/chaincode/domain';
