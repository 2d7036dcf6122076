/** Where objects lie: a folder of files, encrypted for its readers; handles, grants, digests. `/s3` has buckets. @module */
export type { OwnObject } from './market/openVault.js';
export type { LoadedVault } from './profile/vault.js';
export type { Bytes } from './storage/files.js';
export { digestOf } from './vault/digest.js';
export { encryptedVault } from './vault/encryptedVault.js';
export { filesystemVault } from './vault/filesystemVault.js';
export { getSealed } from './vault/getSealed.js';
export { openGrant, sealGrant } from './vault/grant.js';
export type { OpenedGrant, VaultGrant } from './vault/grant.js';
export { newHandle } from './vault/handle.js';
export { everyMember, plainHandles } from './vault/handles.js';
export type { Audience, Handles, Route } from './vault/handles.js';
export type { GetOptions, PutOptions, PutProgress, StoredObject, Vault } from './vault/vault.js';
