/** Errors of a member's actions and of the operating system. @module */
export { isMemberError, memberError, memberErrors } from './memberError.js';
export type { ErrorTableEntry, MemberErrorCode } from './memberError.js';
export { didYouMean } from './nearest.js';
export { systemErrorOf } from './systemError.js';
