import { isVeritrainError } from '@veritrain/client-sdk';
import { systemErrorOf } from '@veritrain/member/errors';

/** An error as logs and health show it. */
export interface Failure {
  code: string;
  message: string;
  hint?: string;
  transactionId?: string;
}

/** Errors of this project carry a code and a hint, as do the system's; anything else is a bug. */
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
 * What the contract answers to a step whose time has come or gone between the look and the call: somebody else was
 * quicker, or the clock moved. The next look sees it.
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

export const isOvertaken = (error: unknown): boolean => isVeritrainError(error, ...overtaken);
