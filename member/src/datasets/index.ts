/** A data owner’s side of a dataset: splits, publishes, invites, verifies. */
export { readDatasetFile } from './datasetFacts.js';
export type { DatasetFacts } from './datasetFacts.js';
export { inviteFileSchema, inviteIn, openInvite } from './invite.js';
export type { Invite, InviteFile } from './invite.js';
export { inviteHosts } from './inviteHosts.js';
export type { Assignment } from './inviteHosts.js';
export { assignHosts, planInvites } from './planInvites.js';
export { publishDataset } from './publishDataset.js';
export { splitDataset } from './splitDataset.js';
export { verifyInstances } from './verifyInstances.js';
