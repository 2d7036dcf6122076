import { StatusCode } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinUnderKeptTick } from '../support/keptTick.js';
import { withinMs } from '../support/stage.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';

let market: StoryMarket;
let owner: StoryMember;
let host: StoryMember;

beforeAll(async () => {
  market = await StoryMarket.start({ tickPeriodMs: 200 });
  owner = await market.join('hospital', ['dataOwner']);
  host = await market.join('host', ['cloudOwner']);
}, withinMs);
afterAll(() => market?.stop());

it(
  'attack 41: a tick that was kept since the market was quiet makes no host late',
  async () => {
    expect(await joinUnderKeptTick(market, { owner, host, datasetId: 'ds_kept' })).toEqual({
      tick: StatusCode.VALID,
      refusal: 'VT0404',
      slot: 'joined',
    });
  },
  withinMs,
);
