/** Finds what is wrong between a member and its market. */
export type { Check } from './check.js';
export { examine } from './examine.js';
