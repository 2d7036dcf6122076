/** Keyrings, what they seal and open, and the ids that follow from keys. @module */
export type { SealRecipient } from './keys/ageKeys.js';
export { inMemoryKeyring } from './keys/keyring.js';
export type { Keyring, NamedLedger } from './keys/keyring.js';
export { createKeyring, openKeyring } from './keys/keyringFile.js';
export type { KeyringLocation, KeyringLock } from './keys/keyringFile.js';
export { decodeLocation, encodeLocation } from './keys/location.js';
export type { ObjectLocation } from './keys/location.js';
export { newId } from './keys/newId.js';
export { decryptObject, encryptObject, objectOverheadBytes } from './keys/sealedObject.js';
export { maxSealedBytes } from './keys/sealedStream.js';
export { ownDrawChain } from './market/ownDrawChain.js';
export type { OwnDrawChain } from './market/ownDrawChain.js';
export { readSmallFile } from './storage/regularFile.js';
export { fingerprintOf, participantIdOf } from '@veritrain/chaincode/domain';
export type { ParticipantKeys, PublicJwk } from '@veritrain/chaincode/domain';
