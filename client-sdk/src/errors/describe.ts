import { type ErrorEntry, sdkErrors } from './table.js';

const entries: ReadonlyMap<string, ErrorEntry> = new Map(Object.entries<ErrorEntry>(sdkErrors));

/** Name and help of an error code of the SDK or of the contract; undefined for a code that neither knows. */
export function describeError(code: string): ErrorEntry | undefined {
  return entries.get(code);
}
