import { TrainingError, trainingErrors, type ErrorFacts, type TrainingErrorCode } from './errors.js';

/** An error as a thread sends it. */
export interface SentError {
  readonly code: TrainingErrorCode;
  readonly message: string;
  readonly facts: ErrorFacts;
}

/** What a thread sends of an error. Any other is a bug: it is thrown, which ends the thread. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof TrainingError)) throw error;
  const { code, message, facts } = error;
  return { code, message, facts };
}

/** The error that a thread sent. */
export const thrownAgain = ({ code, message, facts }: SentError): TrainingError =>
  new TrainingError(code, message.slice(`${code} ${trainingErrors[code].name}: `.length), facts);
