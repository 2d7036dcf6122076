import { afterEach, beforeAll, expect, it } from 'vitest';
import { type DemoObject, DemoRun } from '../demo/support.js';
import { clearDemos, demoOf, processesOf, rounds } from '../demo/comparedDemos.js';
import { describeMinio } from '../vault/support/minio.js';
import { describeFabric } from '../support/fabric.js';

afterEach(clearDemos);

describeFabric('the demo on real Fabric and Fabric CA', () => {
  let embedded: DemoObject;
  let fabric: DemoObject;
  beforeAll(async () => {
    embedded = await demoOf('--seed', '7');
    fabric = await demoOf('--seed', '7', '--fabric');
  }, 400_000);

  it('comes to the same draws, verdicts and model as on the embedded ledger', () => {
    const { draws, jobs, liar, model, metrics, precisionBits, data } = embedded;
    expect(fabric).toMatchObject({ draws, jobs, liar, model, metrics, precisionBits, data, rounds });
    expect(fabric.ledger.kind).toBe('fabric');
  });

  it('leaves no process and no file behind after Ctrl-C', { timeout: 300_000 }, async () => {
    const run = new DemoRun('--fabric');
    await run.told(/round +1 of 20/);
    expect(processesOf(run.folder).length).toBeGreaterThanOrEqual(11);
    run.kill('SIGINT');
    expect((await run.ended()).status).toBe(130);
    expect(processesOf(run.folder)).toEqual([]);
    expect(run.leftovers()).toEqual([]);
    await run.clear();
  });

  describeMinio('with the vault in MinIO', () => {
    it('comes to the same draws, verdicts and model', { timeout: 400_000 }, async () => {
      const { draws, jobs, liar, model, metrics, precisionBits, data } = embedded;
      const both = await demoOf('--seed', '7', '--fabric', '--minio');
      expect(both).toMatchObject({ draws, jobs, liar, model, metrics, precisionBits, data, rounds });
    });
  });
});
