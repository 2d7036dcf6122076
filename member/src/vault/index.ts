/** A member’s place in the market’s vault, and its objects there. */
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
export { getPublicDocument, putPublicDocument } from './publicDocument.js';
export { isStored, restorePackage, storePackage } from './storePackage.js';
export { freeObjects, vaultContents, youngMs } from './vaultGc.js';
export type { VaultContents } from './vaultGc.js';
export { vaultInit } from './vaultInit.js';
export type { IssuedGrant, VaultInitInput, VaultInitResult } from './vaultInit.js';
export { packageClaims } from './vaultNeeds.js';
export { vaultUse } from './vaultUse.js';
export type { VaultUseInput } from './vaultUse.js';
