import { agentsErrors } from '@veritrain/agents/errors';
import { demoErrors } from '@veritrain/demo/errors';
import { localErrors } from '@veritrain/local/errors';
import { type ErrorTableEntry, memberErrors, systemErrorOf } from '@veritrain/member/errors';
import { exitStatus, type ExitStatus, type Failure } from '../envelope.js';
import { commandErrors } from './commandErrors.js';

export interface Described {
  failure: Failure;
  status: ExitStatus;
}

/** Exit statuses by the longest prefix of a code. The contract's own codes, VT0 to VT6, are refusals. */
const statusByPrefix: readonly (readonly [string, ExitStatus])[] = [
  ['VT8001', exitStatus.connection],
  ['VT8002', exitStatus.connection],
  ['VT8003', exitStatus.connection],
  ['VT8004', exitStatus.arguments],
  ['VT8005', exitStatus.interrupted],
  ['VT8006', exitStatus.bug],
  ['VT8101', exitStatus.connection],
  ['VT8102', exitStatus.timeout],
  ['VT8103', exitStatus.connection],
  ['VT8108', exitStatus.timeout],
  ['VT8110', exitStatus.connection],
  ['VT812', exitStatus.connection],
  ['VT8203', exitStatus.arguments],
  ['VT8207', exitStatus.connection],
  ['VT8208', exitStatus.connection],
  ['VT8209', exitStatus.connection],
  ['VT8210', exitStatus.connection],
  ['VT8211', exitStatus.connection],
  ['VT8215', exitStatus.connection],
  ['VT8225', exitStatus.connection],
  ['VT83', exitStatus.connection],
  ['VT85', exitStatus.connection],
  ['VT9503', exitStatus.arguments],
  ['VT9509', exitStatus.timeout],
  ['VT9511', exitStatus.arguments],
  ['VT9521', exitStatus.arguments],
  ['VT9526', exitStatus.arguments],
  ['VT9522', exitStatus.arguments],
  ['VT9523', exitStatus.refused],
  ['VT95', exitStatus.connection],
  ['VT7511', exitStatus.interrupted],
  ['VT74', exitStatus.refused],
  ['VT7', exitStatus.arguments],
  ['VT', exitStatus.refused],
];

const ownErrors: ReadonlyMap<string, ErrorTableEntry> = new Map(
  Object.entries({ ...memberErrors, ...agentsErrors, ...localErrors, ...demoErrors, ...commandErrors }),
);

/** The exit status of an error code of any package. */
export function statusOfCode(code: string): ExitStatus {
  const own = ownErrors.get(code);
  if (own !== undefined) return exitStatus[own.exit];
  return statusByPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? exitStatus.bug;
}

/** Any thrown value as a failure to print. An error without a code that is not the system's is a bug of this program. */
export function describeFailure(error: unknown, debug = process.env.VERITRAIN_DEBUG === '1'): Described {
  const failure = codedFailure(systemErrorOf(error) ?? error) ?? parserFailure(error) ?? bugFailure(error);
  const stack = debug && error instanceof Error ? { stack: stackOf(error) } : {};
  return { failure: { ...failure, ...stack }, status: statusOfCode(failure.code) };
}

/** Errors of the SDK, of training and of this package have one form: `VTnnnn NAME: what happened`. */
function codedFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const parts = /^(VT\d{4}) ([A-Z][A-Z0-9_]*): (.*)$/s.exec(error.message);
  if (parts === null) return undefined;
  const [, code = '', title = '', message = ''] = parts;
  const { facts, hint, transactionId } = error as {
    facts?: unknown;
    hint?: unknown;
    transactionId?: unknown;
  };
  return {
    code,
    title,
    message,
    facts: plainFacts(facts),
    hint: typeof hint === 'string' ? hint : `Run \`veritrain explain ${code}\`.`,
    ...(typeof transactionId === 'string' ? { transactionId } : {}),
  };
}

function plainFacts(facts: unknown): Failure['facts'] {
  if (typeof facts !== 'object' || facts === null) return {};
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}

/** Errors of the argument parser: unknown options and verbs, missing arguments. */
function parserFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('commander.')) {
    return undefined;
  }
  const isCommand = String(error.code) === 'commander.unknownCommand';
  const code = isCommand ? 'VT9002' : 'VT9001';
  const { name, help } = isCommand ? commandErrors.VT9002 : memberErrors.VT9001;
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean [^)]*)\)/, '. $1')
    .replace(/^./, (letter) => letter.toUpperCase());
  return {
    code,
    title: name,
    message: /[.?]$/.test(message) ? message : `${message}.`,
    facts: {},
    hint: help,
  };
}

function bugFailure(error: unknown): Failure {
  const { name, help } = agentsErrors.VT9999;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'something was thrown';
  return { code: 'VT9999', title: name, message, facts: {}, hint: help };
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
