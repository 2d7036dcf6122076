import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoryMember } from '../support/storyMarket.js';
import { describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket } from './support/placedMarket.js';

describeMinio('a vault that is gone for a while', () => {
  let market: PlacedMarket;
  let hospital: StoryMember;
  let lab: StoryMember;
  let hosts: StoryMember[];

  beforeAll(async () => {
    market = await PlacedMarket.open();
    const { stage } = market;
    const joined = [
      ...(await stage.join('dataOwner', 'hospital')),
      ...(await stage.join('modelOwner', 'lab')),
      ...(await stage.join('cloudOwner', 'host1', 'host2', 'host3')),
    ];
    const [owner, model, ...others] = await market.place(...joined);
    [hospital, lab, hosts] = [owner!, model!, others];
    for (const member of [hospital, lab, ...hosts]) stage.run(member);
    await stage.market.agentsStarted();
    await stage.publish('outage', { owner: hospital, hosts });
  }, minioWithinMs);
  afterAll(() => market.close());

  it('is waited for: killed while a couple trains, at two moments, it changes nothing of the model', async () => {
    const { stage, minio } = market;
    await stage.ask('outage', lab, { rounds: 4 });
    for (const attempt of [1, 3]) {
      await stage.started('outage', lab, attempt);
      await minio.kill();
      await delay(3_000);
      await minio.restart();
    }
    const couple = await stage.finishedAsUndisturbed('outage', hospital, lab);
    expect(couple.startedRounds).toBe(4);
    for (const each of [hospital, lab, ...hosts]) expect(stage.agent(each).isRunning).toBe(true);
  }, 300_000);
});
