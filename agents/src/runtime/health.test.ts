import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logLines } from '../testing/roleContext.js';
import { AgentEvents } from './agentEvent.js';
import { HealthReporter, healthFile } from './health.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veritrain-health-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('HealthReporter', () => {
  it('says at once that it starts, soon what goes on, and at once that it stopped', async () => {
    const home = join(folder, 'state');
    const reporter = new HealthReporter(home, 'host-1', ['cloudOwner'], logLines().logger);
    const read = (): unknown => healthFile(home).read();
    expect(read()).toMatchObject({ state: 'starting', profile: 'host-1', process: process.pid, steps: 0 });
    const events = new AgentEvents([reporter.observe]);
    for (const step of ['fetchModel', 'computeUpdate'])
      events.emit({ kind: 'stepDone', step, facts: {}, ms: 1 });
    const until = '2026-11-01T00:00:00.000Z';
    const of = { subject: 'tc_1', attempt: 1, subsetIndex: null, whom: ['pt_owner'] };
    const waiting = [{ ...of, kind: 'start' as const, until }];
    events.emit({ kind: 'waiting', isIdle: true, waiting });
    expect(read()).toMatchObject({ state: 'starting' });
    await vi.waitFor(() =>
      expect(read()).toMatchObject({ state: 'waiting', steps: 2, lastStep: 'computeUpdate', waiting }),
    );
    const goesOn = { step: 'prepareShard', phase: 'encodeMatrix', done: 300, of: 1353, unit: 'plaintexts' };
    events.emit({ kind: 'stepProgress', facts: {}, ...goesOn });
    await vi.waitFor(() => expect(read()).toMatchObject({ state: 'working', progress: goesOn }), {
      timeout: 60_000,
    });
    events.emit({ kind: 'stepDone', step: 'submitUpdate', facts: {}, ms: 1 });
    await vi.waitFor(() => expect(read()).not.toHaveProperty('progress'), { timeout: 60_000 });
    events.emit({ kind: 'stopped', unfinished: [] });
    expect(read()).toMatchObject({ state: 'stopped', waiting: [] });
  });

  it('outlives a file that cannot be written, says so once, and writes again when it can', () => {
    const home = join(folder, 'state');
    writeFileSync(home, 'in the way of the folder');
    const { logger, lines } = logLines();
    const reporter = new HealthReporter(home, 'host-1', [], logger);
    const events = new AgentEvents([reporter.observe]);
    events.emit({ kind: 'stopped', unfinished: [] });
    expect(lines).toEqual([expect.objectContaining({ level: 40, msg: 'health cannot be written' })]);
    rmSync(home);
    events.emit({ kind: 'stopped', unfinished: [] });
    expect(existsSync(healthFile(home).path)).toBe(true);
    expect(lines).toHaveLength(1);
  });
});
