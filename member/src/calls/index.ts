/** How every action queries the ledger and submits to it. @module */
export { ask, submit } from './action.js';
export type { ActionContext, Write, Written } from './action.js';
