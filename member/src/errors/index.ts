/** The errors of a member, and what the operating system refuses. */
export { memberErrors } from './errorTable.js';
export type { MemberErrorCode } from './errorTable.js';
export type { ErrorTableEntry } from './errorTableEntry.js';
export { isMemberError, memberError } from './memberError.js';
export { didYouMean } from './nearest.js';
export { systemErrorOf } from './systemError.js';
