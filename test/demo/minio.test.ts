import { afterEach, beforeAll, expect, it } from 'vitest';
import { describeMinio, minioWithinMs } from '../vault/support/minio.js';
import { clearDemos, demoOf, processesOf, rounds } from './comparedDemos.js';
import { type DemoObject, DemoRun } from './support.js';

afterEach(clearDemos);

describeMinio('the demo with its vault in MinIO', () => {
  let folder: DemoObject;
  let minio: DemoObject;
  beforeAll(async () => {
    folder = await demoOf('--seed', '7');
    minio = await demoOf('--seed', '7', '--minio');
  }, minioWithinMs);

  it('comes to the same draws, verdicts and model as with the vault in a folder', () => {
    const { draws, jobs, liar, model, metrics, precisionBits, data } = folder;
    expect(minio).toMatchObject({ draws, jobs, liar, model, metrics, precisionBits, data, rounds });
  });

  it('starts MinIO again when it is killed, and comes to its end', { timeout: 300_000 }, async () => {
    const run = new DemoRun('--minio', '--rounds', '8');
    await run.told(/round +2 of 8/);
    const [server] = processesOf(run.folder).filter(({ command }) => command.includes('minio server'));
    process.kill(server!.id, 'SIGKILL');
    await run.told(/MinIO died \(SIGKILL\) and is started again/);
    expect((await run.ended()).status).toBe(0);
    expect(processesOf(run.folder)).toEqual([]);
    await run.clear();
  });
});
