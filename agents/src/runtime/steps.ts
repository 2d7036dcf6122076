import type { AgentEvent, AgentEvents } from './agentEvent.js';
import type { StepName } from './crashPoint.js';

/** Facts of a step: ids and counts, never content. */
export type StepFacts = Extract<AgentEvent, { kind: 'stepDone' }>['facts'];

/** Runs the named steps of an agent, and tells of each. */
export class Steps {
  constructor(private readonly events: Pick<AgentEvents, 'emit'>) {}

  /**
   * Does one step. Whatever it does must come to the same when it is done again after a crash at any point of it.
   * The action may note further facts, such as `bytes` moved through the vault.
   */
  async run<T>(
    step: StepName,
    facts: StepFacts,
    action: (note: (facts: StepFacts) => void) => Promise<T> | T,
  ): Promise<T> {
    this.events.emit({ kind: 'stepBegun', step, facts });
    const startedAt = performance.now();
    const noted: StepFacts = {};
    const result = await action((more) => Object.assign(noted, more));
    const ms = Math.round(performance.now() - startedAt);
    this.events.emit({ kind: 'stepDone', step, facts: { ...facts, ...noted }, ms });
    return result;
  }
}
