import { isVeritrainError, type RejectReason } from '@veritrain/client-sdk';
import { TrainingError } from '@veritrain/training';
import { isDisagreement } from '../models/agreedProgram.js';
import { isUnavailable } from '../vault/ownObject.js';

/**
 * Why a request must be rejected whose approval failed so; undefined where it may still succeed. An object that cannot
 * be had may come, or come back: `programUnavailable` is for whoever has waited long enough.
 */
export function rejectReasonOf(error: unknown): RejectReason | undefined {
  if (isVeritrainError(error, 'VT0502')) return 'datasetWithdrawn';
  if (isVeritrainError(error, 'VT0606')) return 'lifetimeExhausted';
  if (isDisagreement(error)) return 'programMismatch';
  if (error instanceof TrainingError) return 'programUnusable';
  if (isUnavailable(error)) return 'programUnavailable';
  return undefined;
}
