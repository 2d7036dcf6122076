import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { DemoRun, stillRunning } from './support.js';

/** Two hosts are as good as four: what is started of each kind must end. */
const small = ['--subsets', '2', '--replicas', '1', '--format', 'json'];

let run: DemoRun | undefined;

afterEach(async () => {
  await run?.clear();
});

async function untilGone(processes: ReturnType<DemoRun['processes']>): Promise<string[]> {
  for (let tries = 0; tries < 100 && stillRunning(processes).length > 0; tries += 1) await delay(100);
  return stillRunning(processes).map(({ command }) => command);
}

describe('a demo that does not come to its end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no process and no file behind after %s',
    async (signal) => {
      run = new DemoRun(...small);
      await run.told(/round +1 of 20/);
      const processes = run.processes();
      // Four agents, the ledger, and a chaincode for each of two endorsing organisations.
      expect(processes.length).toBeGreaterThanOrEqual(7);
      run.kill(signal);
      const { status, stdout } = await run.ended();
      expect(status).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { code: 'VT9302' } });
      expect(await untilGone(processes)).toEqual([]);
      expect(run.leftovers()).toEqual([]);
    },
    120_000,
  );

  it('leaves no process behind when it is killed at once', async () => {
    run = new DemoRun(...small);
    await run.told(/round +1 of 20/);
    const processes = run.processes();
    run.kill('SIGKILL');
    await run.ended();
    expect(await untilGone(processes)).toEqual([]);
  }, 300_000);
});
