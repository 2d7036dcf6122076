import { TrainingError } from '../errors.js';
import type { CoupleContext } from '../messages/frame.js';

/** @throws TrainingError VT7501 */
export function checkContext(context: CoupleContext): void {
  for (const field of ['channel', 'chaincode', 'couple'] as const) {
    if (context[field].length === 0) throw new TrainingError('VT7501', `${field} is empty`, { field });
  }
}

/** @throws TrainingError VT7501 */
export function checkSecret(secret: Uint8Array): void {
  if (secret.length === 32) return;
  throw new TrainingError('VT7501', 'the secret must have 32 bytes', { bytes: secret.length });
}

/** @throws TrainingError VT7501 */
export function checkAttempt(attempt: number): void {
  if (Number.isInteger(attempt) && attempt >= 1 && attempt < 2 ** 32) return;
  throw new TrainingError('VT7501', 'attempts are whole numbers from 1', { attempt });
}
