import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { quietLogs } from './quietLogs.js';

interface Logger {
  debug(message: string): void;
  info(message: string): void;
  error(message: string): void;
  /** Receives each message that is formatted. */
  push(message: unknown): boolean;
}
const logs = createRequire(__filename)('fabric-shim/lib/logger.js') as {
  getLogger(name: string): Logger;
  setLevel(level: string): void;
};

quietLogs();
const logger = logs.getLogger('quietLogs');
const formatted = vi.spyOn(logger, 'push').mockReturnValue(true);
afterEach(() => logs.setLevel('INFO'));

it('formats what is printed, and nothing else', () => {
  logger.debug('of a transaction');
  expect(formatted).not.toHaveBeenCalled();
  logger.info('for everybody');
  logger.error('for somebody');
  expect(formatted).toHaveBeenCalledTimes(2);
});

it('goes by the level that is set last', () => {
  formatted.mockClear();
  logs.setLevel('DEBUG');
  logger.debug('of a transaction');
  expect(formatted).toHaveBeenCalledOnce();
});
