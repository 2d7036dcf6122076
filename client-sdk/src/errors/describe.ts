import { errorTable } from '@veritrain/chaincode/domain/errors';
import { type ErrorEntry, sdkErrors } from './table.js';

/** An error code, with its name and help. */
export interface DescribedError extends ErrorEntry {
  /** `VT` and four digits. */
  readonly code: string;
}

const described: readonly DescribedError[] = [
  ...Object.entries(errorTable).map(([name, [code, help]]) => ({ code, name, help })),
  ...Object.entries(sdkErrors).map(([code, { name, help }]) => ({ code, name, help })),
].sort((one, other) => (one.code < other.code ? -1 : 1));

const byCode = new Map(described.map((entry) => [entry.code, entry]));

/** Name and help of an error code of the contract (VT0nnn to VT6nnn) or of the SDK (VT8nnn); undefined for any other. */
export function describeError(code: string): DescribedError | undefined {
  return byCode.get(code.toUpperCase());
}

/** Every error that the contract and the SDK know, by code. */
export function listErrors(): readonly DescribedError[] {
  return described;
}
