/** A data owner’s side of a dataset: splits, publishes, invites, verifies. @module */
export { findDatasetFacts, readDatasetFile } from './datasetFacts.js';
export type { DatasetFacts } from './datasetFacts.js';
export { inviteFileSchema, inviteIn } from './invite.js';
export type { InviteFile } from './invite.js';
export { inviteHosts } from './inviteHosts.js';
export type { Assignment, InviteHostsInput } from './inviteHosts.js';
export { assignHosts, planInvites } from './planInvites.js';
export type { AssignHostsInput, PlanInvitesInput } from './planInvites.js';
export { publishDataset } from './publishDataset.js';
export type { PublishDatasetInput, PublishedDataset } from './publishDataset.js';
export { notDropped, withTexts } from './parquetInput.js';
export type { Needs } from './parquetInput.js';
export { openTable, readTableFile } from './tableInput.js';
export type { OpenedTable, Row, TableInput } from './tableInput.js';
export { requireOneRule, splitDataset } from './splitDataset.js';
export type { DatasetPrivacy, HeldOut, SplitDatasetInput } from './splitDataset.js';
export { verifyInstances } from './verifyInstances.js';
export type { VerifiedInstances } from './verifyInstances.js';
