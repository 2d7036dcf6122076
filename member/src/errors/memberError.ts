import { errorsOf, isVeritrainError, type VeritrainError } from '@veritrain/client-sdk/errors';
import { memberErrors } from './errorTable.js';

/** An error of a member's own table. */
export const memberError = errorsOf(memberErrors);

/** Whether a member's action found it, and not the ledger, its contract or the SDK. */
export const isMemberError = (error: unknown): error is VeritrainError =>
  isVeritrainError(error, ...Object.keys(memberErrors));
