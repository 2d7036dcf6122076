import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import { visible } from '@veritrain/member/text';

export type LogFormat = 'text' | 'json';
export type Logger = pino.Logger;

/** Anything under these names is left out of a log line, whoever put it there. */
const secrets = ['privateKey', 'secret', 'passphrase', 'key', 'keys', 'nonce', 'token', 'link', 'd'];

/** Logs go to stderr; stdout is for data. A terminal may read them, so every character of them can be seen. */
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
  const prettify = prettyFactory({ colorize: false, ignore: 'pid,hostname,agent', singleLine: true });
  return pino(options, { write: (line) => write(prettify(line)) });
}

/** For whoever reads no log. */
export const silentLogger = (): Logger => pino({ level: 'silent' });
