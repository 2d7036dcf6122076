/** A member’s place in the market’s vault, and its objects there. @module */
export {
  documentHandle,
  isClosed,
  isIntact,
  isOutOfReach,
  isUnavailable,
  modelHandle,
  packageHandle,
  putOwn,
  updateHandle,
} from './ownObjects.js';
export type { HandleSource } from './ownObjects.js';
export { getPublicDocument, putPublicDocument } from './publicDocument.js';
export type { DocumentReference, DocumentStore } from './publicDocument.js';
export { isStored, restorePackage, storePackage } from './storePackage.js';
export type { PackageToStore, Recipient, StoredFor } from './storePackage.js';
export { freeObjects, graceMs, vaultContents } from './vaultGc.js';
export type { ReleasedObject, VaultContents, VaultGcInput } from './vaultGc.js';
export { vaultInit } from './vaultInit.js';
export type { IssuedGrant, VaultInitInput, VaultInitResult } from './vaultInit.js';
export { packageClaims } from './vaultNeeds.js';
export type { PackageClaim } from './vaultNeeds.js';
export type { Release } from './vaultRelease.js';
export { vaultUse } from './vaultUse.js';
export type { AcceptedGrant, VaultUseInput } from './vaultUse.js';
