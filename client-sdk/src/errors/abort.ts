import { type VeritrainError, sdkError } from './veritrainError.js';

export function abortError(signal: AbortSignal, transactionId?: string): VeritrainError {
  return sdkError('VT8005', 'The call was aborted.', { cause: signal.reason, transactionId });
}

/** Throws ABORTED when the signal has fired; call it between the steps of long work. */
export function throwIfAborted(signal: AbortSignal | undefined, transactionId?: string): void {
  if (signal?.aborted) throw abortError(signal, transactionId);
}
