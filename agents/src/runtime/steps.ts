import type { WorkProgress } from '@veritrain/training';
import type { AgentEvent, AgentEvents } from './agentEvent.js';

/** Steps of the agents, by role. Their names are stable, since tests, logs and health files use them. */
export const agentSteps = {
  /** Steps of a data owner's agent. */
  dataOwner: [
    'verifyInstances',
    'expireJoin',
    'approveTraining',
    'rejectTraining',
    'startRound',
    'releaseRounds',
  ],
  /** Steps of a cloud owner's agent. */
  cloudOwner: [
    'prepareShard',
    'fetchModel',
    'computeUpdate',
    'submitUpdate',
    'uploadUpdate',
    'reportUnavailable',
    'revealUpdate',
  ],
  /** Steps of a model owner's agent. */
  modelOwner: [
    'putModel',
    'openRound',
    'downloadUpdates',
    'applyUpdates',
    'saveState',
    'closeRound',
    'saveModel',
    'finishTraining',
  ],
  /** Steps that the agent of any role takes. */
  anyone: ['tick', 'tallyRound', 'expireRound', 'cancelTraining', 'putDocument'],
} as const;

/** The name of a step, such as `submitUpdate`. */
export type StepName = (typeof agentSteps)[keyof typeof agentSteps][number];

/** Facts of a step: ids and counts, never content. */
export type StepFacts = Extract<AgentEvent, { kind: 'stepDone' }>['facts'];

/** Runs the named steps of an agent, and emits an event before and after each. */
export class Steps {
  constructor(private readonly events: Pick<AgentEvents, 'emit'>) {}

  /**
   * Runs one step. An agent repeats it after a crash at any point of it, so the action must give the same outcome each
   * time. The action may note further facts, such as `bytes` moved through the vault, and tell how far it is.
   */
  async run<T>(
    step: StepName,
    facts: StepFacts,
    action: (
      note: (facts: StepFacts) => void,
      onProgress: (progress: WorkProgress) => void,
    ) => Promise<T> | T,
  ): Promise<T> {
    this.events.emit({ kind: 'stepBegun', step, facts });
    const startedAt = performance.now();
    const noted: StepFacts = {};
    const result = await action(
      (more) => Object.assign(noted, more),
      (progress) => this.events.emit({ kind: 'stepProgress', step, facts, ...progress }),
    );
    const ms = Math.round(performance.now() - startedAt);
    this.events.emit({ kind: 'stepDone', step, facts: { ...facts, ...noted }, ms });
    return result;
  }
}
