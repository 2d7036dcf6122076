import { join } from 'node:path';
import { waitingKind } from '@veritrain/client-sdk';
import { z } from 'zod';
import { offLedgerKinds } from './awaited.js';
import { describeFailure } from './failure.js';
import type { Logger } from './logger.js';
import { StateFile, writeLightly } from '@veritrain/member/home';

/** What an agent waits for of what its subject is, and until when by the market's clock. */
const waitSchema = z.strictObject({
  /** Id of the couple or dataset. */
  subject: z.string(),
  kind: z.enum([...waitingKind.options, ...offLedgerKinds]),
  attempt: z.int().nullable(),
  subsetIndex: z.int().nullable(),
  /** Participants. */
  whom: z.array(z.string()),
  /** Why it cannot be had, where something failed. */
  code: z.string().optional(),
  until: z.iso.datetime().nullable(),
});
export type HealthWait = z.infer<typeof waitSchema>;

export const healthSchema = z.strictObject({
  schemaVersion: z.literal(2),
  profile: z.string(),
  roles: z.array(z.string()),
  process: z.number().int(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  state: z.enum(['starting', 'working', 'waiting', 'retrying', 'stopped']),
  steps: z.number().int(),
  lastStep: z.string().optional(),
  waiting: z.array(waitSchema),
  lastError: z.strictObject({ at: z.iso.datetime(), code: z.string(), message: z.string() }).optional(),
});
export type Health = z.infer<typeof healthSchema>;

export const healthFile = (home: string): StateFile<Health> =>
  new StateFile(join(home, 'health.json'), healthSchema);

const writeEveryMs = 200;

/**
 * Keeps the agent's health in a file that `veritrain agent status` reads, in this process or another. Where the file
 * cannot be written, a full disk say, the log says so once, and the agent goes on.
 */
export class HealthReporter {
  private readonly path: string;
  private health: Health;
  private pending: NodeJS.Timeout | undefined;
  private writable = true;

  constructor(
    home: string,
    profile: string,
    roles: string[],
    private readonly logger: Logger,
  ) {
    this.path = healthFile(home).path;
    const now = new Date().toISOString();
    this.health = {
      schemaVersion: 2,
      profile,
      roles,
      process: process.pid,
      startedAt: now,
      updatedAt: now,
      state: 'starting',
      steps: 0,
      waiting: [],
    };
    this.write();
  }

  /** Changes reach the file within a fraction of a second; the last one, `stopped`, at once. */
  report(change: Partial<Pick<Health, 'state' | 'waiting' | 'lastError'>>): void {
    this.health = { ...this.health, ...change, updatedAt: new Date().toISOString() };
    if (change.state === 'stopped') {
      clearTimeout(this.pending);
      this.write();
      return;
    }
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.write();
    }, writeEveryMs).unref();
  }

  step(name: string): void {
    this.health = { ...this.health, steps: this.health.steps + 1, lastStep: name };
    this.report({ state: 'working' });
  }

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
