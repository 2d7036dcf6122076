/** A member’s place in the market’s vault, and what lies there. */
export { documentHandle, modelHandle, packageHandle, updateHandle } from './ownHandles.js';
export { isClosed, isIntact, isOutOfReach, isUnavailable, putOwn } from './ownObject.js';
export { getPublicDocument, putPublicDocument } from './publicDocument.js';
export { isStored, restorePackage, storePackage } from './storePackage.js';
export { freeObjects, vaultContents } from './vaultGc.js';
export type { VaultContents } from './vaultGc.js';
export { vaultInit } from './vaultInit.js';
export type { IssuedGrant, VaultInitInput, VaultInitResult } from './vaultInit.js';
export { packageClaims } from './vaultNeeds.js';
export { vaultUse } from './vaultUse.js';
export type { VaultUseInput } from './vaultUse.js';
export { youngMs } from './youngObject.js';
