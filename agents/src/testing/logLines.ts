import pino from 'pino';
import type { Logger } from '../runtime/logger.js';

/** A genuine logger whose lines a test reads. */
export function logLines(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: pino({ level: 'debug', base: {} }, stream), lines };
}
