import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainedModelFile } from '@veritrain/member/models';
import { evaluateModel, parseTable } from '@veritrain/training';
import { ended, offer, request } from '../support/couples.js';
import { diabetes, StoryMarket, type StoryMember } from '../support/storyMarket.js';

const withinMs = 240_000;

let market: StoryMarket;
let owner: StoryMember;
let modelOwner: StoryMember;
let hosts: StoryMember[];

beforeAll(async () => {
  market = await StoryMarket.start();
  owner = await market.join('hospital', ['dataOwner']);
  modelOwner = await market.join('lab', ['modelOwner']);
  hosts = [];
  for (const name of ['host1', 'host2', 'host3', 'host4'])
    hosts.push(await market.join(name, ['cloudOwner']));
  for (const member of [owner, modelOwner, ...hosts]) market.run(member);
  await market.agentsStarted();
  await offer(market, owner, { datasetId: 'ds_diabetes', subsets: 3, replicas: 3, hosts, paceMs: 30_000 });
}, withinMs);
afterAll(() => market?.stop());

describe('a couple from its request to its model, every member a process', () => {
  for (const protection of ['plain', 'encrypted'] as const) {
    it(
      `trains ${protection}, and the model predicts as well as plain training`,
      async () => {
        const coupleId = `tc_${protection}`;
        await request(modelOwner, {
          coupleId,
          datasetId: 'ds_diabetes',
          rounds: 10,
          program: { protection },
        });
        const couple = await ended(owner, coupleId, withinMs);
        expect(couple.state).toBe('finished');
        expect(couple.startedRounds).toBe(10);
        const model = trainedModelFile(modelOwner.member.home, coupleId).read();
        expect(model?.rounds).toBe(10);
        const [error] = evaluateModel(parseTable(diabetes()), model!);
        expect(error).toMatchObject({ name: 'mse' });
        expect(error?.value).toBeLessThan(2900);
      },
      withinMs,
    );
  }
});
