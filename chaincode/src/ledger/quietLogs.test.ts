import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { quietLogs } from './quietLogs.js';

interface Logger {
  debug(message: string): void;
  info(message: string): void;
  error(message: string): void;
  /** Receives each message that is formatted. */
  push(message: unknown): boolean;
}
interface Logs {
  getLogger(name: string): Logger;
}

quietLogs();
const level = process.env.CORE_CHAINCODE_LOGGING_LEVEL;
afterEach(() => {
  process.env.CORE_CHAINCODE_LOGGING_LEVEL = level;
});

describe.each(['fabric-shim', 'fabric-contract-api'])('%s', (name) => {
  const logs = createRequire(__filename)(`${name}/lib/logger.js`) as Logs;
  const loggerAt = (asked: string): Logger => {
    process.env.CORE_CHAINCODE_LOGGING_LEVEL = asked;
    return logs.getLogger('quietLogs');
  };
  const formatted = vi.spyOn(loggerAt('INFO'), 'push').mockReturnValue(true);

  it('formats what is printed, and nothing else', () => {
    formatted.mockClear();
    const logger = loggerAt('INFO');
    logger.debug('of a transaction');
    expect(formatted).not.toHaveBeenCalled();
    logger.info('for everybody');
    logger.error('for somebody');
    expect(formatted).toHaveBeenCalledTimes(2);
  });

  it('goes by the level that is set last', () => {
    formatted.mockClear();
    loggerAt('DEBUG').debug('of a transaction');
    expect(formatted).toHaveBeenCalledOnce();
  });
});
