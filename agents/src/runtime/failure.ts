import { isVeritrainError } from '@veritrain/client-sdk';
import { systemErrorOf } from '@veritrain/member/errors';
import { TrainingError } from '@veritrain/training';

/** An error as logs and health show it. */
export interface Failure {
  /** `VT` and four digits; VT9999 for a bug. */
  code: string;
  /** One sentence: what happened. */
  message: string;
  /** What to do, if the error says so. */
  hint?: string;
  /** The transaction that failed, or may yet be committed. */
  transactionId?: string;
}

/**
 * An error as logs show it. Errors of this project and of the operating system have a code and a hint; any other error is a
 * bug.
 */
export function describeFailure(thrown: unknown): Failure {
  const error = systemErrorOf(thrown) ?? thrown;
  if (!(error instanceof Error)) return { code: 'VT9999', message: String(error) };
  const { code, hint, transactionId } = error as Partial<Record<'code' | 'hint' | 'transactionId', unknown>>;
  return {
    code: typeof code === 'string' ? code : 'VT9999',
    message: error.message,
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof transactionId === 'string' ? { transactionId } : {}),
  };
}

/**
 * The contract's refusals of a step whose time came or went between the read and the call: another member was quicker,
 * or the clock moved. The next reconcile sees it.
 */
const overtaken = [
  'VT0202', // WRONG_STATE
  'VT0204', // CONFLICT
  'VT0401', // TICK_TOO_EARLY
  'VT0402', // TICK_OUT_OF_WINDOW
  'VT0403', // DEADLINE_PASSED
  'VT0404', // DEADLINE_NOT_PASSED
  'VT0607', // ROUND_UNSETTLED
  'VT0608', // WRONG_ATTEMPT
  'VT0612', // NOT_CLOSABLE
  'VT0613', // UPLOADS_OPEN
  'VT0614', // NOT_CONTESTED
];

/** Whether a computation was stopped because nobody needs its result any more, or the agent stops. */
export const isStopped = (error: unknown): boolean =>
  error instanceof TrainingError && error.code === 'VT7511';

export const isOvertaken = (error: unknown): boolean =>
  isStopped(error) || isVeritrainError(error, ...overtaken);
