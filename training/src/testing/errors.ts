import { expect } from 'vitest';
import { TrainingError, trainingErrors, type TrainingErrorCode } from '../errors.js';

/** Runs something that must fail with a coded error, and returns the error. */
export function refusal(run: () => unknown, code: TrainingErrorCode): TrainingError {
  try {
    run();
  } catch (error) {
    return checked(error, code);
  }
  throw new Error(`expected ${code}, but nothing was refused`);
}

/** {@link refusal} for promises. */
export async function asyncRefusal(
  run: () => Promise<unknown>,
  code: TrainingErrorCode,
): Promise<TrainingError> {
  try {
    await run();
  } catch (error) {
    return checked(error, code);
  }
  throw new Error(`expected ${code}, but nothing was refused`);
}

function checked(error: unknown, code: TrainingErrorCode): TrainingError {
  if (!(error instanceof TrainingError)) throw error;
  expect(error.code).toBe(code);
  expect(error.message.startsWith(`${code} ${trainingErrors[code].name}: `)).toBe(true);
  return error;
}
