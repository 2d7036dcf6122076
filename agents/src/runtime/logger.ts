import pino from 'pino';
import pretty from 'pino-pretty';

export type LogFormat = 'text' | 'json';
export type Logger = pino.Logger;

/** Anything under these names is left out of a log line, whoever put it there. */
const secrets = ['privateKey', 'secret', 'passphrase', 'key', 'keys', 'nonce', 'token', 'link', 'd'];

/** Logs go to stderr; stdout is for data. */
export function createLogger(format: LogFormat, name: string, level = 'info'): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    base: { agent: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((path) => [path, `*.${path}`]), remove: true },
  };
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: false,
    ignore: 'pid,hostname,agent',
    singleLine: true,
  });
  return pino(options, stream);
}
