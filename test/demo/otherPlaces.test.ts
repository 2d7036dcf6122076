import { findMinio } from '@veritrain/local';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeFabric } from '../support/fabric.js';
import { describeMinio } from '../sdk/vault/support/minio.js';
import { clearDemos, demoOf, processesOf, rounds } from './comparedDemos.js';
import { type DemoObject, DemoRun } from './support.js';

const withinMs = 400_000;

afterEach(clearDemos);

describe('a demo of the same seed', () => {
  let usual: DemoObject;
  beforeAll(async () => {
    usual = await demoOf(['--seed', '7']);
  }, withinMs);

  /** Ledger and vault decide nothing of what a demo comes to. */
  function expectTheSame(other: DemoObject): void {
    const { draws, jobs, liar, model, metrics, precisionBits, data } = usual;
    expect(other).toMatchObject({ draws, jobs, liar, model, metrics, precisionBits, data, rounds });
  }

  describeMinio('with its vault in MinIO', () => {
    it(
      'starts MinIO again when it is killed, and comes to the same draws, verdicts and model',
      async () => {
        const killed = demoOf(['--seed', '7', '--minio'], async (run) => {
          await run.told(/round +1 of/);
          const [server] = processesOf(run.folder).filter(({ command }) => command.includes('minio server'));
          process.kill(server!.id, 'SIGKILL');
          await run.told(/MinIO died \(SIGKILL\) and is started again/);
        });
        expectTheSame(await killed);
      },
      withinMs,
    );
  });

  describeFabric('on real Fabric and Fabric CA', () => {
    // One demo for both: other tests train on Fabric with a vault in a folder.
    const vault = findMinio() === undefined ? [] : ['--minio'];
    it(
      'comes to the same draws, verdicts and model, with its vault in MinIO where there is one',
      async () => {
        const fabric = await demoOf(['--seed', '7', '--fabric', ...vault]);
        expectTheSame(fabric);
        expect(fabric.ledger.kind).toBe('fabric');
      },
      withinMs,
    );

    it(
      'leaves no process and no file behind after Ctrl-C',
      async () => {
        const run = new DemoRun('--fabric', '--subsets', '2', '--replicas', '1');
        await run.told(/round +1 of 20/);
        expect(processesOf(run.folder).length).toBeGreaterThanOrEqual(11);
        run.kill('SIGINT');
        expect((await run.ended()).status).toBe(130);
        expect(processesOf(run.folder)).toEqual([]);
        expect(run.leftovers()).toEqual([]);
        await run.clear();
      },
      withinMs,
    );
  });
});
