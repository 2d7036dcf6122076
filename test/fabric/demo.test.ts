import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { type DemoObject, DemoRun } from '../demo/support.js';
import { describeFabric } from '../support/fabric.js';

const rounds = 4;
const runs: DemoRun[] = [];
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.clear()));
});

/** Processes that stand in this folder, or name a file of it: nodes of a network have no parent that is known. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return `${readlinkSync(`/proc/${id}/cwd`)} ${command}`.includes(folder) ? [command] : [];
      } catch {
        return [];
      }
    });
}

async function demoOf(...args: string[]): Promise<DemoObject> {
  const run = new DemoRun(...args, '--rounds', rounds.toString(), '--format', 'json');
  runs.push(run);
  const { status, stdout, stderr } = await run.ended();
  if (status !== 0) throw new Error(stderr + stdout);
  expect(run.leftovers()).toEqual([]);
  expect(processesOf(run.folder)).toEqual([]);
  return JSON.parse(stdout) as DemoObject;
}

describeFabric('the demo on real Fabric and Fabric CA', () => {
  let embedded: DemoObject;
  let fabric: DemoObject;
  beforeAll(async () => {
    embedded = await demoOf('--seed', '7');
    fabric = await demoOf('--seed', '7', '--fabric');
  }, 400_000);

  it('comes to the same draws, verdicts and model as on the embedded ledger', () => {
    const { draws, jobs, liar, model, metric, precisionBits, data } = embedded;
    expect(fabric).toMatchObject({ draws, jobs, liar, model, metric, precisionBits, data, rounds });
    expect(fabric.ledger.kind).toBe('fabric');
  });

  it('leaves no process and no file behind after Ctrl-C', { timeout: 300_000 }, async () => {
    const run = new DemoRun('--fabric');
    runs.push(run);
    await run.told(/round +1 of 20/);
    expect(processesOf(run.folder).length).toBeGreaterThanOrEqual(11);
    run.kill('SIGINT');
    expect((await run.ended()).status).toBe(130);
    expect(processesOf(run.folder)).toEqual([]);
    expect(run.leftovers()).toEqual([]);
  });
});
