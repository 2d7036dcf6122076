/** How every action asks the ledger and submits to it. */
export type { ActionContext } from './context.js';
export { ask, submit } from './submit.js';
export type { Write } from './submit.js';
