/** The way to a Fabric network: the gateway connection, its signer, the channel as the market checks it. @module */
export type { ChannelConfig, ChannelOrdering, ChannelOrganization } from './ledger/channelConfig.js';
export { connectLedger } from './ledger/connection.js';
export type { LedgerConnection } from './ledger/connection.js';
export type { ContractDefinition } from './ledger/contractDefinition.js';
export type { EndorsementPolicy } from './ledger/endorsementPolicy.js';
export { checkIdentity } from './ledger/identity.js';
export type { LedgerIdentity } from './ledger/identity.js';
export type { PinnedOrganization } from './ledger/pinnedOrganizations.js';
export { nativeSigner } from './ledger/signer.js';
export { defaultTiming } from './ledger/timing.js';
export type { LedgerTiming } from './ledger/timing.js';
export type {
  CallContext,
  ChaincodeEvent,
  CommittedTransaction,
  ContractCall,
  EventPosition,
  Ledger,
} from './ledger/types.js';
export type { ChannelView } from './market/channel.js';
export { fileCheckpoint } from './storage/checkpoint.js';
export type { Checkpoint } from './storage/checkpoint.js';
