import { join } from 'node:path';
import { z } from 'zod';
import { memberError } from '@veritrain/member/errors';
import { isRunning, MemberHome, StateFile, writeLightly } from '@veritrain/member/home';
import { profileFolder } from '@veritrain/member/profile';
import { agentProgressSchema, agentWaitSchema, type AgentEvent } from './agentEvent.js';
import { describeFailure } from './failure.js';
import type { Logger } from './logger.js';

/** The form of an agent's health file, and of the answer of `/health`. */
export const healthSchema = z.strictObject({
  /** The form of the file: 2. */
  schemaVersion: z.literal(2),
  /** The name of the member's profile. */
  profile: z.string(),
  /** The roles that the agent serves. */
  roles: z.array(z.string()),
  /** The agent's process id on this machine. */
  process: z.number().int(),
  /** When the agent started, by this machine's clock. */
  startedAt: z.iso.datetime(),
  /** When the file last changed. */
  updatedAt: z.iso.datetime(),
  /** `waiting`: nothing to do now. `retrying`: the last reconcile failed. */
  state: z.enum(['starting', 'working', 'waiting', 'retrying', 'stopped']),
  /** Steps that ended well since the start. */
  steps: z.number().int(),
  /** The name of the last of them. */
  lastStep: z.string().optional(),
  /** How far the step is that runs now, if it takes seconds. */
  progress: agentProgressSchema.optional(),
  /** What the agent waits for. */
  waiting: z.array(agentWaitSchema),
  /** The last failure since the start. It stays after the agent has recovered. */
  lastError: z
    .strictObject({
      /** When it happened. */
      at: z.iso.datetime(),
      /** `VT` and four digits. */
      code: z.string(),
      /** One sentence: what happened. */
      message: z.string(),
    })
    .optional(),
});

/** What an agent says of itself, for people and monitors. */
export interface Health extends z.infer<typeof healthSchema> {}

/** The file of an agent's health. @param home the member's state folder, `MemberHome.stateFolder` */
export const healthFile = (home: string): StateFile<Health> =>
  new StateFile(join(home, 'health.json'), healthSchema);

export function healthAtStart(profile: string, roles: readonly string[]): Health {
  const now = new Date().toISOString();
  return {
    schemaVersion: 2,
    profile,
    roles: [...roles],
    process: process.pid,
    startedAt: now,
    updatedAt: now,
    state: 'starting',
    steps: 0,
    waiting: [],
  };
}

/** @returns the same object where the event changes nothing */
export function healthAfter(health: Health, event: AgentEvent): Health {
  const change = changeBy(health, event);
  return change === undefined ? health : { ...health, ...change, updatedAt: event.at };
}

function changeBy({ steps }: Health, event: AgentEvent): Partial<Health> | undefined {
  switch (event.kind) {
    case 'started':
      return { roles: event.roles };
    case 'stepDone':
      return { state: 'working', steps: steps + 1, lastStep: event.step, progress: undefined };
    case 'stepProgress': {
      const { step, phase, done, of, unit } = event;
      return { state: 'working', progress: { step, phase, done, of, unit } };
    }
    case 'waiting':
      // Updated while a reconcile runs too: when it hangs, people want to know on what.
      return { ...(event.isIdle ? { state: 'waiting' } : {}), waiting: event.waiting };
    case 'failed': {
      const { at, code, message } = event;
      if (event.isOvertaken) return { progress: undefined };
      return { state: 'retrying', lastError: { at, code, message }, progress: undefined };
    }
    case 'stopped':
      return { state: 'stopped', waiting: [], progress: undefined };
    default:
      return undefined;
  }
}

const writeEveryMs = 200;

/**
 * Keeps the agent's health in a file that `veritrain agent status` reads, in this process or another. When the file
 * cannot be written (a full disk), the log says so once, and the agent goes on.
 */
export class HealthReporter {
  private readonly path: string;
  private health: Health;
  private pending: NodeJS.Timeout | undefined;
  private writable = true;

  constructor(
    home: string,
    profile: string,
    roles: readonly string[],
    private readonly logger: Logger,
  ) {
    this.path = healthFile(home).path;
    this.health = healthAtStart(profile, roles);
    this.write();
  }

  /** Changes reach the file within a fraction of a second; `stopped`, the last one, at once. */
  readonly observe = (event: AgentEvent): void => {
    const health = healthAfter(this.health, event);
    if (health === this.health) return;
    this.health = health;
    if (event.kind === 'stopped') {
      clearTimeout(this.pending);
      this.write();
      return;
    }
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.write();
    }, writeEveryMs).unref();
  };

  private write(): void {
    try {
      writeLightly(this.path, JSON.stringify(this.health));
      this.writable = true;
    } catch (error) {
      if (this.writable) this.logger.warn(describeFailure(error), 'health cannot be written');
      this.writable = false;
    }
  }
}

/** An agent's health, and whether to believe it. */
export interface AgentStatus {
  /** Whether the process that wrote the health file still runs. */
  running: boolean;
  /** What the agent last wrote. */
  health: Health;
}

/** What a member's agent last reported of itself. @throws NOT_FOUND where none ever ran */
export function readAgentStatus(profile?: string): AgentStatus {
  const home = new MemberHome(profileFolder(profile));
  const health = healthFile(home.stateFolder).read();
  if (health === undefined) {
    throw memberError('VT9201', 'No agent of this profile ever ran.', {
      facts: { profile: home.folder },
      hint: 'Start it: `veritrain agent run`.',
    });
  }
  return { running: health.state !== 'stopped' && isRunning(health.process), health };
}
