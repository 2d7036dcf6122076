import { getSystemErrorMap } from 'node:util';
import { LedgerError } from './errors.js';

const reasons = new Map(getSystemErrorMap().values());

/** What to do by the operating system's own name of the error. Nothing is ever to be deleted for its sake. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some room on that disk, or move the whole data folder to another one.',
  EROFS: 'Give a --data folder on a disk that can be written to.',
  EMFILE: 'Raise the limit of open files (ulimit -n).',
  ENFILE: 'Raise the machine’s limit of open files.',
};
const otherwise =
  'Run it as the user that the data folder belongs to, and look at each part of the path; what the folder holds is left as it is.';

/** What the operating system refused, under a code of the ledger's; anything else as it is. */
export function codedError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LedgerError) return error;
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const reason = reasons.get(code);
  if (syscall === undefined || reason === undefined) return error;
  const facts = { ...(path === undefined ? {} : { path }), syscall, errno: code };
  const what = `cannot ${[syscall.split(' ')[0], path].filter(Boolean).join(' ')}: ${reason}`;
  return new LedgerError('SYSTEM_FAILED', what, hints[code] ?? otherwise, facts, { cause: error });
}

/** What the system says of a write names no file, or a temporary one: then it names the file that is meant. */
export const naming = (error: unknown, path: string): unknown =>
  error instanceof Error ? Object.assign(error, { path }) : error;

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
