import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyInstances } from '@veritrain/member/datasets';
import { ended } from '../support/couples.js';
import { coupleOf, datasetOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';

// One member's requests that no agent can approve, beside a couple of somebody else's on the same data owner.

const flood = Array.from({ length: 8 }, (_, index) => `flood${index.toString()}`);

let stage: Stage;
let [hospital, flooder, lab]: (StoryMember | undefined)[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  [hospital] = await stage.join('dataOwner', 'hospital');
  [flooder, lab] = await stage.join('modelOwner', 'flooder', 'lab');
  const hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
  for (const member of [...hosts, lab!]) stage.run(member);
  for (const story of ['flooded', 'honest']) {
    await stage.publish(story, { owner: hospital!, hosts });
    await verifyInstances(hospital!.member, { datasetId: datasetOf(story) }, {});
  }
}, withinMs);
afterAll(() => stage?.market.stop());

it(
  'attack 42: a dataset is withdrawn with requests pending: each is rejected with a reason, and the honest couple trains',
  async () => {
    for (const story of flood) await stage.ask(story, flooder!, { datasetId: datasetOf('flooded') });
    await hospital!.member.market.datasets.withdraw({ datasetId: datasetOf('flooded') });
    await stage.ask('honest', lab!);
    stage.run(hospital!);
    expect((await ended(lab!, coupleOf('honest'), withinMs)).state).toBe('finished');
    for (const story of flood) {
      const couple = await ended(flooder!, coupleOf(story), withinMs);
      expect(couple.state).toBe('rejected');
      expect(couple.rejectReason).not.toBeNull();
    }
  },
  withinMs,
);
