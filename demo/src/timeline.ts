import type { AgentEvent } from '@veritrain/agents';
import { type Phase, phases, type RoundTime } from './result.js';

/** One step that an agent did. */
export type StepDone = Extract<AgentEvent, { kind: 'stepDone' }>;

/** The steps whose last end is the end of a phase. */
const phaseOfStep: Readonly<Record<string, Phase>> = {
  putModel: 'send',
  openRound: 'send',
  startRound: 'draw',
  computeUpdate: 'train',
  submitUpdate: 'commit',
  downloadUpdates: 'deliver',
  applyUpdates: 'step',
  saveState: 'step',
  closeRound: 'judge',
};

interface Attempt {
  begin: number;
  readonly ends: Map<Phase, number>;
}

/**
 * Cuts each round's wall clock into phases. A phase ends with the last of its steps, at whichever member that ran. Phases
 * therefore follow each other, add up to the time from one round to the next, and count overlapping work once.
 */
export class Timeline {
  private readonly attempts = new Map<number, Attempt>();
  private bytes = 0;

  /** Bytes that agents moved through the vault so far. */
  get trafficBytes(): number {
    return this.bytes;
  }

  add({ step, at, ms, facts }: StepDone): void {
    if (typeof facts.bytes === 'number') this.bytes += facts.bytes;
    const phase = phaseOfStep[step];
    const number = facts.attempt;
    if (typeof number !== 'number' || phase === undefined) return;
    const time = Date.parse(at);
    const attempt = this.attempts.get(number) ?? { begin: time - ms, ends: new Map<Phase, number>() };
    attempt.begin = Math.min(attempt.begin, time - ms);
    attempt.ends.set(phase, Math.max(attempt.ends.get(phase) ?? time, time));
    this.attempts.set(number, attempt);
  }

  /** Seconds by phase for the given attempts, which are rounds 1, 2, … in this order. */
  times(attempts: readonly number[]): RoundTime[] {
    let previous: number | undefined;
    return attempts.flatMap((number, index) => {
      const attempt = this.attempts.get(number);
      if (attempt === undefined) return [];
      let reached = previous ?? attempt.begin;
      const times = phases.map((phase) => {
        const end = Math.max(reached, attempt.ends.get(phase) ?? reached);
        const seconds = (end - reached) / 1000;
        reached = end;
        return { round: index + 1, phase, seconds };
      });
      previous = reached;
      return times;
    });
  }
}
