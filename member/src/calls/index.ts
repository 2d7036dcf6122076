/** How every action queries the ledger and submits to it. */
export { ask, submit } from './action.js';
export type { ActionContext, Write } from './action.js';
