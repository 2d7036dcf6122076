import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../support/couples.js';
import { describeMinio, minioWithinMs } from './support/minio.js';
import { mountSmallDisk, type SmallDisk } from './support/smallDisk.js';
import { TrainingMarket } from './support/trainingMarket.js';

describeMinio('a vault that is gone for a while', () => {
  let training: TrainingMarket;
  beforeAll(async () => {
    training = await TrainingMarket.open();
  }, minioWithinMs);
  afterAll(() => training?.market.close());

  it('is waited for: killed while a couple trains, at two moments, it changes nothing of the model', async () => {
    const { stage, minio } = training.market;
    await stage.ask('training', training.lab, { rounds: 4 });
    for (const attempt of [1, 3]) {
      await stage.started('training', training.lab, attempt);
      await minio.kill();
      await delay(3_000);
      await minio.restart();
    }
    await training.finished();
  }, 300_000);
});

const reason = 'no file system can be mounted here: run the tests as root';
const probe = mountSmallDisk(1);
probe?.remove();

describeMinio('a vault whose disk fills up', () => {
  describe.skipIf(probe === undefined)('while a couple trains', { meta: { reason } }, () => {
    let disk: SmallDisk;
    let training: TrainingMarket;
    beforeAll(async () => {
      disk = mountSmallDisk(200)!;
      training = await TrainingMarket.open(join(disk.path, 'data'));
    }, minioWithinMs);
    afterAll(async () => {
      await training?.market.close();
      disk?.remove();
    });

    it('is waited for: once there is room again, the couple goes on to the same model', async () => {
      const { stage } = training.market;
      await stage.ask('training', training.lab, { rounds: 4 });
      await stage.started('training', training.lab, 1);
      const filler = join(disk.path, 'filler');
      expect(() => writeFileSync(filler, Buffer.alloc(200 * 1024 * 1024))).toThrow('ENOSPC');
      const isFull = (): boolean =>
        training.everybody.some((each) => stage.agent(each).lines.some(({ code }) => code === 'VT8212'));
      await waitUntil('somebody finds the disk full', () => Promise.resolve(isFull()));
      rmSync(filler);
      await training.finished();
    }, 300_000);
  });
});
