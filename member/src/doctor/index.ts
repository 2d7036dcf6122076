/** Finds what is wrong between a member and its market. @module */
export type { Check } from './check.js';
export { examine } from './examine.js';
