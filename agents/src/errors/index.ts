/** The errors that agents find themselves. */
export { agentsErrors } from './errorTable.js';
export type { AgentsErrorCode } from './errorTable.js';
