import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { VeritrainError } from '@veritrain/client-sdk/errors';
import type { MemberErrorCode } from './errorTable.js';
import { memberError } from './memberError.js';

/** Node has no name for a quota that is used up: it calls it an unknown error of this number. */
const quota = -constants.errno.EDQUOT;
const reasons = new Map([...getSystemErrorMap().values(), ['EDQUOT', 'disk quota exceeded'] as const]);

/** The operating system's error names by the code that they get; those that are not listed get VT9807. */
const codes = new Map<string, MemberErrorCode>([
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
export function systemErrorOf(error: unknown): VeritrainError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isCoded(cause)) return undefined;
    const errno = errnoOf(cause);
    if (errno !== undefined) return describe(errno, cause, error);
  }
  return undefined;
}

/** The system's name of an error, such as `EACCES`. Errors of Node itself have codes, too, and no system call. */
function errnoOf({ syscall, errno, code = '' }: NodeJS.ErrnoException): string | undefined {
  if (syscall === undefined) return undefined;
  if (errno === quota) return 'EDQUOT';
  return reasons.has(code) ? code : undefined;
}

const isCoded = (error: Error): boolean => 'code' in error && /^VT\d{4}$/.test(String(error.code));

function describe(
  errno: string,
  { path, syscall = '' }: NodeJS.ErrnoException,
  cause: unknown,
): VeritrainError {
  // `spawn` names its program here as well.
  const [call = ''] = syscall.split(' ');
  const doing = call === 'scandir' ? 'list' : call;
  const what = path === undefined ? doing : `${doing} ${path}`;
  return memberError(codes.get(errno) ?? 'VT9807', `Cannot ${what}: ${reasons.get(errno) ?? errno}.`, {
    facts: { ...(path === undefined ? {} : { path }), syscall: call, errno },
    cause,
  });
}
