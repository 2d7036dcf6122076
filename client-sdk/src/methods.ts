/**
 * The types of a market's methods and of its handles, for programs that pass them on. It has no code at run time.
 *
 * @module
 */
export type { Couples } from './market/couples.js';
export type { MarketEvents } from './market/events.js';
export type { Instances } from './market/market.js';
export type {
  ClockMethods,
  ConfigMethods,
  CoupleRecordMethods,
  CouplesMethods,
  DatasetRecordMethods,
  DatasetsMethods,
  GroupMethods,
  HistoryMethods,
  InstanceRecordMethods,
  InstancesMethods,
  JobRecordMethods,
  JobsMethods,
  ModelsMethods,
  ParticipantsMethods,
  RecordMethods,
  RoundRecordMethods,
  RoundsMethods,
} from './market/methods.js';
export type { VaultOfMember } from './market/openVault.js';
export type { ListMethod } from './market/pages.js';
export type { RecordHandles } from './market/recordHandles.js';
