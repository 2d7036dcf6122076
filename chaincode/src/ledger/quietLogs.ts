import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Message {
  readonly level: string;
}
interface Logger {
  readonly level: string;
  /** A smaller number is a graver level. */
  readonly levels: Readonly<Record<string, number | undefined>>;
  write(message: Message, ...rest: unknown[]): boolean;
}

/**
 * Skips the formatting of log messages below the log level. fabric-shim writes some thirty debug messages a
 * transaction, and its logger, winston, formats each before it compares levels, which takes a fifth of a transaction's
 * processor time.
 */
export function quietLogs(): void {
  const shim = createRequire(join(__dirname, 'quietLogs.js')).resolve('fabric-shim');
  const { Logger } = createRequire(shim)('winston') as { Logger: { prototype: Logger } };
  const { write } = Logger.prototype;
  Logger.prototype.write = function (message, ...rest) {
    const [asked = 0, printed = 0] = [this.levels[message.level], this.levels[this.level]];
    return asked > printed || write.call(this, message, ...rest);
  };
}
