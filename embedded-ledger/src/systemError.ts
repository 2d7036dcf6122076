import { getSystemErrorMap } from 'node:util';
import { LedgerError } from './errors.js';

const reasons = new Map(getSystemErrorMap().values());

/** Hints by the operating system's error code. No hint ever asks to delete anything. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on that disk, or move the whole data folder to another one.',
  EROFS: 'Choose a --data folder on a writable disk.',
  EMFILE: 'Raise the limit of open files (ulimit -n).',
  ENFILE: 'Raise the machine’s limit of open files.',
};
const otherwise =
  'Run the ledger as the owner of the data folder, and check the permissions of each part of the path. The ledger has not changed the folder’s content.';

/** Wraps an error of the operating system under one of the ledger's codes. Returns any other error unchanged. */
export function codedError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LedgerError) return error;
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const reason = reasons.get(code);
  if (syscall === undefined || reason === undefined) return error;
  const facts = { ...(path === undefined ? {} : { path }), syscall, errno: code };
  const what = `cannot ${[syscall.split(' ')[0], path].filter(Boolean).join(' ')}: ${reason}`;
  return new LedgerError('SYSTEM_FAILED', what, hints[code] ?? otherwise, facts, { cause: error });
}

/** Errors of a write name no file, or a temporary one. This names the intended file. */
export const naming = (error: unknown, path: string): unknown =>
  error instanceof Error ? Object.assign(error, { path }) : error;

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
