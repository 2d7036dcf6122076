import { z } from 'zod';
import type { AgentEvent } from './agentEvent.js';
import { agentSteps } from './steps.js';

const stepNames: readonly string[] = Object.values(agentSteps).flat();

const crashPointSchema = z
  .string()
  .regex(
    /^(before|after):[a-zA-Z]+(:[1-9]\d*)?$/,
    'write before:<step> or after:<step>, and :n for the n-th time',
  )
  .transform((text) => {
    const [when, step = '', count = '1'] = text.split(':');
    return { when: when === 'before' ? ('before' as const) : ('after' as const), step, count: Number(count) };
  })
  .refine(({ step }) => stepNames.includes(step), `the step is one of ${stepNames.join(', ')}`);

type CrashPoint = z.infer<typeof crashPointSchema>;

/**
 * Kills this process, as a power cut would, at the point that VERITRAIN_CRASH_AT names. For tests of recovery:
 * `after:submitUpdate:3` is right after the third update is submitted.
 */
export class CrashPoints {
  private left: number;

  private constructor(private readonly point: CrashPoint | undefined) {
    this.left = point?.count ?? 0;
  }

  /** @throws ZodError where the variable names no step */
  static fromEnvironment(value = process.env.VERITRAIN_CRASH_AT): CrashPoints {
    return new CrashPoints(value === undefined ? undefined : crashPointSchema.parse(value));
  }

  /** Has to be the first observer: the others must not hear of a step that the crash cuts off. */
  readonly observe = (event: AgentEvent): void => {
    if (event.kind !== 'stepBegun' && event.kind !== 'stepDone') return;
    const when = event.kind === 'stepBegun' ? 'before' : 'after';
    if (this.point?.when !== when || this.point.step !== event.step) return;
    this.left -= 1;
    if (this.left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
