import type { LedgerErrorCode } from '../errors.js';
import { LedgerError, messageOf } from '../errors.js';
import { codedError } from '../systemError.js';

export interface Opening {
  readonly folder: string;
  /** The content of the database, for the error message. */
  readonly what: string;
  /** The hint for damaged content. */
  readonly ifCorrupt: string;
}

/** @throws LedgerError DATA_IN_USE if another process has the folder open, DATA_CORRUPT, SYSTEM_FAILED */
export async function openDatabase<T extends { open(): Promise<void> }>(
  database: T,
  opening: Opening,
): Promise<T> {
  try {
    await database.open();
    return database;
  } catch (error) {
    throw openingError(opening, error);
  }
}

function openingError({ folder, what, ifCorrupt }: Opening, error: unknown): LedgerError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const said = cause !== undefined && 'code' in cause ? cause.code : undefined;
  const of = (code: LedgerErrorCode, message: string, hint: string): LedgerError =>
    new LedgerError(code, message, hint, { folder }, { cause: error });
  if (said === 'LEVEL_LOCKED') {
    const hint = 'Stop the other process, or use another --data folder for this one.';
    return of('DATA_IN_USE', 'another process uses this data folder', hint);
  }
  if (said === 'LEVEL_CORRUPTION') return of('DATA_CORRUPT', `the ${what} cannot be opened`, ifCorrupt);
  const refused = codedError(cause);
  if (refused instanceof LedgerError) return refused;
  const hint =
    'Check the disk, its free space and the folder’s permissions. Do not delete anything in the folder.';
  return of('SYSTEM_FAILED', `the ${what} cannot be opened: ${messageOf(cause ?? error)}`, hint);
}
