import { z } from 'zod';
import { type Phase, phases, type RoundTime } from './document.js';

const stepLineSchema = z.object({
  step: z.string(),
  time: z.iso.datetime().transform((text) => Date.parse(text)),
  ms: z.number().nonnegative(),
  attempt: z.int().positive().optional(),
  bytes: z.int().nonnegative().optional(),
});

/** One step that an agent did, as its JSON log tells it. */
export type StepLine = z.infer<typeof stepLineSchema>;

/** The step that a log line tells of, or undefined where it tells of something else. */
export function readStepLine(line: string): StepLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return stepLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

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
 * Cuts each round's wall clock into phases. A phase ends when the last of its steps ended, wherever that ran; so
 * phases follow each other, add up to the time from one round to the next, and work that overlaps counts once.
 */
export class Timeline {
  private readonly attempts = new Map<number, Attempt>();
  private bytes = 0;

  /** Bytes that agents moved through the vault so far. */
  get trafficBytes(): number {
    return this.bytes;
  }

  add({ step, time, ms, attempt: number, bytes }: StepLine): void {
    this.bytes += bytes ?? 0;
    const phase = phaseOfStep[step];
    if (number === undefined || phase === undefined) return;
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
