/**
 * A vault in a bucket of any S3. This is an entry of its own, so that only programs with such a vault load the S3 client.
 *
 * @module
 */
export { s3Vault } from './vault/s3/s3Vault.js';
export type { S3Vault } from './vault/s3/s3Vault.js';
export type { S3Credentials, S3Options } from './vault/s3/options.js';
export type { S3Timing } from './vault/s3/timing.js';
export type { ListOptions, ListedObject } from './vault/s3/list.js';
export type { PresignOptions } from './vault/s3/presign.js';
export { handleOf, keyOf } from './vault/s3/objectKey.js';
export { inspectBucket, prepareBucket } from './vault/s3/bucket.js';
export type { BucketRules, BucketState } from './vault/s3/bucket.js';
export { memberPolicy } from './vault/s3/policy.js';
export type { Policy, PolicyStatement } from './vault/s3/policy.js';
export { temporaryAccess } from './vault/s3/temporaryAccess.js';
export type { TemporaryAccess } from './vault/s3/sts.js';
export type { TemporaryAccessInput } from './vault/s3/temporaryAccess.js';
export { accountOf, adminAccount, setAccount } from './vault/s3/minioAdmin.js';
export { s3OptionsFromEnvironment } from './vault/s3/settings.js';
