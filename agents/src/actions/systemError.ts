import { getSystemErrorMap } from 'node:util';
import { AgentsError } from './agentsError.js';
import type { AgentsErrorCode } from './errorTable.js';

const reasons = new Map(getSystemErrorMap().values());

/** The operating system's error names by the code that they get; those that are not listed get VT9807. */
const codes = new Map<string, AgentsErrorCode>([
  ['ENOSPC', 'VT9801'],
  ['EDQUOT', 'VT9801'],
  ['EFBIG', 'VT9801'],
  ['EACCES', 'VT9802'],
  ['EPERM', 'VT9802'],
  ['EROFS', 'VT9803'],
  ['ENOTDIR', 'VT9804'],
  ['ENOENT', 'VT9804'],
  ['EISDIR', 'VT9804'],
  ['EEXIST', 'VT9804'],
  ['ENOTEMPTY', 'VT9804'],
  ['ENAMETOOLONG', 'VT9804'],
  ['ELOOP', 'VT9804'],
  ['EMFILE', 'VT9805'],
  ['ENFILE', 'VT9805'],
  ['EAGAIN', 'VT9805'],
  ['ENOMEM', 'VT9805'],
  ['EADDRINUSE', 'VT9806'],
  ['EADDRNOTAVAIL', 'VT9806'],
]);

/** What the operating system refused, or a library that says why by such an error as its cause; else undefined. */
export function systemErrorOf(error: unknown): AgentsError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isCoded(cause)) return undefined;
    if (isSystemError(cause)) return describe(cause, error);
  }
  return undefined;
}

type SystemError = NodeJS.ErrnoException & { code: string };

/** Errors of Node itself have codes, too, and no system call. */
const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && 'code' in error && reasons.has(String(error.code));

const isCoded = (error: Error): boolean => 'code' in error && /^VT\d{4}$/.test(String(error.code));

function describe({ code, path, syscall = '' }: SystemError, cause: unknown): AgentsError {
  // `spawn` names its program here as well.
  const [call = ''] = syscall.split(' ');
  const doing = call === 'scandir' ? 'list' : call;
  const what = path === undefined ? doing : `${doing} ${path}`;
  return new AgentsError(codes.get(code) ?? 'VT9807', `Cannot ${what}: ${reasons.get(code) ?? code}.`, {
    facts: { ...(path === undefined ? {} : { path }), syscall: call, errno: code },
    cause,
  });
}
