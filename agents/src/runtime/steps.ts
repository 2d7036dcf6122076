import type { CrashPoints, StepName } from './crashPoint.js';
import type { Logger } from './logger.js';

/** Facts of a step for the log: ids and counts, never content. */
export type StepFacts = Record<string, string | number | boolean>;

/** Steps that are told only to who asks for details. */
const quiet: readonly StepName[] = ['tick'];

/** Runs the named steps of an agent, tells of each, and counts them. */
export class Steps {
  private taken: StepName[] = [];

  constructor(
    private readonly logger: Logger,
    private readonly crashPoints: CrashPoints,
  ) {}

  /**
   * Does one step. Whatever it does must come to the same when it is done again after a crash at any point of it.
   * The action may note further facts, such as `bytes` moved through the vault.
   */
  async run<T>(
    name: StepName,
    facts: StepFacts,
    action: (note: (facts: StepFacts) => void) => Promise<T> | T,
  ): Promise<T> {
    this.crashPoints.pass('before', name);
    const startedAt = performance.now();
    const noted: StepFacts = {};
    const result = await action((more) => Object.assign(noted, more));
    this.crashPoints.pass('after', name);
    const ms = Math.round(performance.now() - startedAt);
    const level = quiet.includes(name) ? 'debug' : 'info';
    this.logger[level]({ step: name, ...facts, ...noted, ms }, name);
    this.taken.push(name);
    return result;
  }

  /** The steps that were done since the last call. */
  take(): StepName[] {
    const taken = this.taken;
    this.taken = [];
    return taken;
  }
}
