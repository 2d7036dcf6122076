import { join } from 'node:path';
import { status, up } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultsFound, faultsLike } from '../support/doctor.js';
import { waitUntil } from '../../support/couples.js';
import { describeFabric } from '../../support/fabric.js';
import { killNode } from '../../support/fabricNodes.js';
import { withinMs } from '../../support/stage.js';
import { fabricLedger, type StoryLedger } from '../../support/storyLedger.js';
import { StoryMarket } from '../../support/storyMarket.js';

describeFabric('doctor on a network of four SmartBFT orderers', () => {
  let market: StoryMarket<StoryLedger>;
  let profile: string;
  let folder: string;
  beforeAll(async () => {
    market = await StoryMarket.start({ ledger: fabricLedger({ consensus: 'bft' }) });
    folder = join(market.folder, 'ledger');
    ({ profile } = await market.enrol('willow'));
  }, withinMs);
  afterAll(() => market?.stop());

  it(
    'finds that one of them is dead, and that two are too many',
    async () => {
      expect(await faultsFound(market.folder, profile)).toEqual([]);
      const { leader, network } = await status(folder);
      const other = network.ordering.orderers.find(({ hostName }) => hostName !== leader)!;
      const dead = (count: number, comesTo: string): unknown =>
        faultsLike([
          [
            'orderers',
            new RegExp(`^no answer from ${count.toString()} of 4: .*; ${comesTo}$`),
            /The operator of each missing orderer has to restart it/,
          ],
        ]);
      await killNode(folder, leader!);
      expect(await faultsFound(market.folder, profile)).toEqual(
        dead(1, 'the others go on; 1 may be away at once'),
      );
      await killNode(folder, other.hostName);
      expect(await faultsFound(market.folder, profile)).toEqual(
        dead(2, 'the others are too few, so no transaction is ordered'),
      );
      await up({ folder });
      await waitUntil(
        'doctor finds nothing',
        async () => (await faultsFound(market.folder, profile)).length === 0,
        withinMs,
      );
    },
    withinMs,
  );
});
