/** Everything that an application or an agent needs of a Veritrain market. */
export { connectMarket } from './market/market.js';
export type {
  ConnectOptions,
  Datasets,
  History,
  Instances,
  Jobs,
  Market,
  MarketClock,
  MarketConfiguration,
  Models,
  Participants,
  Rounds,
} from './market/market.js';
export type { CallOptions, Calls, Committed } from './market/calls.js';
export type { ChannelView } from './market/channel.js';
export type { CoupleRequest, Couples, RequestedCouple } from './market/couples.js';
export type { CrossCheck, CrossCheckInput } from './market/crossCheck.js';
export type { CommittedChange, MarketEvents, WatchOptions } from './market/events.js';
export { ownDrawChain } from './market/ownDrawChain.js';
export type { OwnDrawChain } from './market/ownDrawChain.js';
export { everyPage } from './market/pages.js';
export type { Page } from './market/pages.js';

export { connectLedger } from './ledger/connection.js';
export type { LedgerConnection } from './ledger/connection.js';
export type { ChannelConfig, ChannelOrdering, ChannelOrganization } from './ledger/channelConfig.js';
export type { ContractDefinition } from './ledger/contractDefinition.js';
export type { EndorsementPolicy } from './ledger/endorsementPolicy.js';
export { defaultTiming } from './ledger/timing.js';
export type { LedgerTiming } from './ledger/timing.js';
export { checkIdentity } from './ledger/identity.js';
export type { LedgerIdentity } from './ledger/identity.js';
export type { PinnedOrganization } from './ledger/pinnedOrganizations.js';
export { nativeSigner } from './ledger/signer.js';
export type {
  CallContext,
  ChaincodeEvent,
  CommittedTransaction,
  ContractCall,
  EventPosition,
  Ledger,
} from './ledger/types.js';
export { fileCheckpoint } from './storage/checkpoint.js';
export type { Checkpoint } from './storage/checkpoint.js';
export { readSmallFile } from './storage/regularFile.js';
export { loadProfile, profileSchema, resolveProfile, writeProfile } from './profile/profile.js';
export type { LoadedProfile, Profile } from './profile/profile.js';
export type { LoadedVault } from './profile/vault.js';
export { locateProfile } from './profile/locate.js';
export { encryptedVault } from './vault/encryptedVault.js';
export { getSealed } from './vault/getSealed.js';
export { filesystemVault } from './vault/filesystemVault.js';
export { newHandle } from './vault/handle.js';
export { openGrant, sealGrant } from './vault/grant.js';
export type { OpenedGrant, VaultGrant } from './vault/grant.js';
export { everyMember, plainHandles } from './vault/handles.js';
export type { OwnObject } from './market/openVault.js';
export type { Audience, Handles, Route } from './vault/handles.js';
export { digestOf } from './vault/digest.js';
export type { GetOptions, PutOptions, PutProgress, StoredObject, Vault } from './vault/vault.js';

export { inMemoryKeyring } from './keys/keyring.js';
export type { Keyring, NamedLedger } from './keys/keyring.js';
export { createKeyring, openKeyring } from './keys/keyringFile.js';
export type { KeyringLocation, KeyringLock } from './keys/keyringFile.js';
export { decodeLocation, encodeLocation } from './keys/location.js';
export type { ObjectLocation } from './keys/location.js';
export { newId } from './keys/newId.js';
export { decryptObject, encryptObject, objectOverheadBytes } from './keys/sealedObject.js';
export type { SealRecipient } from './keys/ageKeys.js';
export { mostSealedBytes } from './keys/sealedStream.js';

export { VeritrainError, describeError, isVeritrainError, listErrors, sdkErrors } from './errors.js';
export type {
  DescribedError,
  ErrorEntry,
  ErrorFacts,
  SdkErrorCode,
  VeritrainErrorProperties,
} from './errors.js';

export * from './vocabulary.js';
