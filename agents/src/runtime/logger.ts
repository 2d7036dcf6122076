import { createRequire } from 'node:module';
import pino from 'pino';
import type * as PinoPretty from 'pino-pretty';
import { visible } from '@veritrain/member/text';
import type { AgentEvent, AgentObserver } from './agentEvent.js';

/** `text`: a line for people; `json`: a JSON object on each line. */
export type LogFormat = 'text' | 'json';

/** Writes log lines: a logger of pino. */
export type Logger = pino.Logger;

/** Values under these names are left out of every log line. */
const secrets = ['privateKey', 'secret', 'passphrase', 'key', 'keys', 'nonce', 'token', 'link', 'd'];

/** Logs go to stderr; stdout is for data. A terminal may show them, so control characters are escaped. */
export function createLogger(format: LogFormat, name: string, level = 'info'): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    base: { agent: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((path) => [path, `*.${path}`]), remove: true },
  };
  const write = (line: string): boolean => process.stderr.write(visible(line));
  if (format === 'json') return pino(options, { write });
  // Loaded for people only: most agents log JSON.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof PinoPretty;
  const prettify = prettyFactory({ colorize: false, ignore: 'pid,hostname,agent', singleLine: true });
  return pino(options, { write: (line) => write(prettify(line)) });
}

/** For callers that want no log. */
export const silentLogger = (): Logger => pino({ level: 'silent' });

type Lines = {
  readonly [K in AgentEvent['kind']]?: (event: Extract<AgentEvent, { kind: K }>, logger: Logger) => void;
};

const lines: Lines = {
  started: (_event, logger) => logger.info({ step: 'started', ms: 0 }, 'started'),
  stepDone: ({ step, facts, ms }, logger) => {
    // Ticks would fill the log.
    const level = step === 'tick' ? 'debug' : 'info';
    logger[level]({ step, ...facts, ms }, step);
  },
  stepProgress: ({ kind: _kind, at: _at, step, facts, ...progress }, logger) =>
    logger.info({ step, ...facts, ...progress }, 'goes on'),
  failed: ({ kind: _kind, at: _at, isOvertaken, ...failure }, logger) => {
    if (isOvertaken) logger.debug(failure, 'overtaken, will retry');
    else logger.warn(failure, 'failed, will retry');
  },
  stopped: ({ unfinished }, logger) => {
    if (unfinished.length === 0) return;
    const facts = { code: 'VT9243', subjects: unfinished.join(' ') };
    logger.warn(facts, 'stopped, though a reconcile does not end');
  },
};

/** Writes an agent's events into its log. */
export const logEvents =
  (logger: Logger): AgentObserver =>
  (event) =>
    (lines[event.kind] as ((event: AgentEvent, logger: Logger) => void) | undefined)?.(event, logger);
