import type { AgentEvent, AgentObserver } from './agentEvent.js';
import type { Logger } from './logger.js';

type Told = {
  readonly [K in AgentEvent['kind']]?: (event: Extract<AgentEvent, { kind: K }>, logger: Logger) => void;
};

const lines: Told = {
  started: (_event, logger) => logger.info({ step: 'started', ms: 0 }, 'started'),
  stepDone: ({ step, facts, ms }, logger) => {
    // Somebody ticks all the time.
    const level = step === 'tick' ? 'debug' : 'info';
    logger[level]({ step, ...facts, ms }, step);
  },
  failed: ({ kind: _kind, at: _at, isOvertaken, ...failure }, logger) => {
    if (isOvertaken) logger.debug(failure, 'overtaken, will look again');
    else logger.warn(failure, 'will look again');
  },
  stopped: ({ unfinished }, logger) => {
    if (unfinished.length === 0) return;
    const facts = { code: 'VT9243', subjects: unfinished.join(' ') };
    logger.warn(facts, 'stopped, though something under way does not end');
  },
};

/** Writes an agent's events into its log. */
export const logEvents =
  (logger: Logger): AgentObserver =>
  (event) =>
    (lines[event.kind] as ((event: AgentEvent, logger: Logger) => void) | undefined)?.(event, logger);
