import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logLines } from '../testing/logLines.js';
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
    reporter.step('fetchModel');
    reporter.step('computeUpdate');
    const until = '2026-11-01T00:00:00.000Z';
    const of = { subject: 'tc_1', attempt: 1, subsetIndex: null, whom: ['pt_owner'] };
    const waiting = [{ ...of, kind: 'start' as const, until }];
    reporter.report({ state: 'waiting', waiting });
    expect(read()).toMatchObject({ state: 'starting' });
    await vi.waitFor(() =>
      expect(read()).toMatchObject({ state: 'waiting', steps: 2, lastStep: 'computeUpdate', waiting }),
    );
    reporter.report({ state: 'working' });
    reporter.report({ state: 'stopped', waiting: [] });
    expect(read()).toMatchObject({ state: 'stopped', waiting: [] });
  });

  it('outlives a file that cannot be written, says so once, and writes again when it can', () => {
    const home = join(folder, 'state');
    writeFileSync(home, 'in the way of the folder');
    const { logger, lines } = logLines();
    const reporter = new HealthReporter(home, 'host-1', [], logger);
    reporter.report({ state: 'stopped' });
    expect(lines).toEqual([expect.objectContaining({ level: 40, msg: 'health cannot be written' })]);
    rmSync(home);
    reporter.report({ state: 'stopped' });
    expect(existsSync(healthFile(home).path)).toBe(true);
    expect(lines).toHaveLength(1);
  });
});
