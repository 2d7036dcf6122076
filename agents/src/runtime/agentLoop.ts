import { setTimeout as delay } from 'node:timers/promises';
import type { HealthReporter, Waiting } from './health.js';
import type { Logger } from './logger.js';

/** What one look at the ledger came to. */
export interface Reconciled {
  /** Steps done in this look; where there were some, the agent looks again at once. */
  steps: string[];
  waiting: Waiting[];
}

export interface AgentLoopOptions {
  /** Looks at the ledger and does what is missing. Must be harmless to repeat. */
  reconcile: (signal: AbortSignal) => Promise<Reconciled>;
  /** Something happened on the ledger: look again. */
  wake: AsyncIterable<unknown>;
  /** Called before each pause in which the agent waits for a deadline: moves the market's clock when nobody has. */
  tick: (signal: AbortSignal) => Promise<void>;
  /** How long to pause at most between two looks, ms. */
  pauseMs: number;
  health: HealthReporter;
  logger: Logger;
  signal: AbortSignal;
  /** The code and message to show for an error. */
  describe: (error: unknown) => { code: string; message: string; hint?: string };
}

const longestBackoffMs = 5_000;

/**
 * Runs an agent until its signal aborts. Events only wake it: a lost one costs a pause, never a step.
 * An error in a look is logged and the look repeated, with a growing pause.
 */
export async function runAgentLoop(options: AgentLoopOptions): Promise<void> {
  const { signal, health, logger } = options;
  const bell = new Bell();
  const listening = listen(options, bell);
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { steps, waiting } = await options.reconcile(signal);
      failures = 0;
      for (const step of steps) health.step(step);
      if (steps.length > 0) continue;
      health.report({ state: 'waiting', waiting });
      if (waiting.length > 0) await options.tick(signal);
      await bell.wait(options.pauseMs, signal);
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      const described = options.describe(error);
      logger.warn({ ...described, failures }, 'will look again');
      health.report({
        state: 'retrying',
        lastError: { at: new Date().toISOString(), code: described.code, message: described.message },
      });
      await bell.wait(Math.min(longestBackoffMs, 100 * 2 ** Math.min(failures, 6)), signal);
    }
  }
  await listening;
  health.report({ state: 'stopped', waiting: [] });
}

async function listen({ wake, signal, logger, describe }: AgentLoopOptions, bell: Bell): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _event of wake) bell.ring();
    } catch (error) {
      if (signal.aborted) return;
      logger.debug(describe(error), 'events interrupted');
    }
    await delay(500, undefined, { signal }).catch(() => undefined);
  }
}

/** Rings that come while nobody waits are kept as one. */
class Bell {
  private rung = false;
  private wakeUp: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wakeUp?.();
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
      const cancel = new AbortController();
      const rung = new Promise<void>((resolve) => (this.wakeUp = resolve));
      const timer = delay(ms, undefined, { signal: AbortSignal.any([signal, cancel.signal]) }).catch(
        () => undefined,
      );
      await Promise.race([rung, timer]);
      cancel.abort();
    }
    this.rung = false;
    this.wakeUp = undefined;
  }
}
