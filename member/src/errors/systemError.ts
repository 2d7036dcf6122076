import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { VeritrainError } from '@veritrain/client-sdk/errors';
import { memberError, type MemberErrorCode } from './memberError.js';

/** Node does not name this errno: it reports an unknown error with this number. */
const quota = -constants.errno.EDQUOT;
const reasons = new Map([...getSystemErrorMap().values(), ['EDQUOT', 'disk quota exceeded'] as const]);

/** Our codes of the operating system's error names. All others get VT9807. */
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

/** The refusal of the operating system in an error or one of its causes, as an error of ours. */
export function systemErrorOf(error: unknown): VeritrainError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isCoded(cause)) return undefined;
    const errno = errnoOf(cause);
    if (errno !== undefined) return describe(errno, cause, error);
  }
  return undefined;
}

/** The system's name of an error, such as `EACCES`. Errors of Node itself have codes too, but no system call. */
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
  // `spawn` adds its program.
  const [call = ''] = syscall.split(' ');
  const doing = call === 'scandir' ? 'list' : call;
  const what = path === undefined ? doing : `${doing} ${path}`;
  return memberError(codes.get(errno) ?? 'VT9807', `Cannot ${what}: ${reasons.get(errno) ?? errno}.`, {
    facts: { ...(path === undefined ? {} : { path }), syscall: call, errno },
    cause,
  });
}
