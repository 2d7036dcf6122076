import { errorsOf } from '@veritrain/client-sdk/errors';
import type { ErrorTableEntry } from '@veritrain/member/errors';

/** The errors that the command itself finds. Codes never change meaning. */
export const commandErrors = {
  VT9002: {
    name: 'UNKNOWN_COMMAND',
    help: 'Run `veritrain --help` for the nouns, `veritrain <noun> --help` for its verbs.',
    exit: 'arguments',
  },
  VT9007: {
    name: 'UNKNOWN_CODE',
    help: 'Codes look like VT0203 and stand at the front of every error message.',
    exit: 'arguments',
  },
  VT9008: {
    name: 'NODE_TOO_OLD',
    help: 'Install a newer Node. In a clone of the repository `npm ci` has brought one: put its node_modules/.bin at the front of PATH.',
    exit: 'connection',
  },
  VT9009: {
    name: 'FAMILY_NOT_LOADED',
    help: 'VERITRAIN_FAMILY_FILES lists ES modules that call `registerFamily` of @veritrain/training/families, each with a family of its own. Install this command in the same folder as they, so that both import the same copy of @veritrain/training.',
    exit: 'arguments',
  },
  VT9105: {
    name: 'UNHEALTHY',
    help: 'Apply the fix beside each failure, then run `veritrain doctor` again.',
    exit: 'connection',
  },
  VT9301: {
    name: 'TIMED_OUT',
    help: 'Check what it waits for, and give more time with `--timeout`.',
    exit: 'timeout',
  },
  VT9302: {
    name: 'INTERRUPTED',
    help: 'Call it again. It is safe to do it twice; transactions that reached a ledger stay.',
    exit: 'interrupted',
  },
} as const satisfies Record<string, ErrorTableEntry>;

/** Makes an error of the command's table. */
export const commandError = errorsOf(commandErrors);
