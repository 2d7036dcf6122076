import { describe, expect, it } from 'vitest';
import { subsetsPerClose, subsetsPerTally } from '../domain/index.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';

/** The list in pieces of a size. */
const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

async function closeAll(market: TestMarket, attempt: number, indexes: readonly number[]): Promise<void> {
  for (const chunk of chunks(indexes, Math.min(15, subsetsPerClose(market.replicas)))) {
    const results = chunk.map((subsetIndex) => ({
      subsetIndex,
      claim: market.updateDigest(attempt, subsetIndex),
    }));
    await market.submit('modeller', 'CloseRound', { coupleId, attempt, results });
  }
}

describe('rule 5: no transaction touches more than about 50 keys', () => {
  it.each([
    [60, 1, 40],
    [12, 3, 12],
    [2, 15, 2],
  ])('%i subsets of %i replicas, %i drawn', async (subsets, replicas, subsetsPerRound) => {
    const market = await TestMarket.approved({ subsets, replicas, rounds: 3, subsetsPerRound });
    await market.start(1);
    await closeAll(market, 1, await market.commitAll(1));
    const { drawn } = await market.start(2);
    await market.pass(52_000);
    const left = drawn.map((each) => each.subsetIndex);
    for (const subsetIndexes of chunks(left, Math.min(15, subsetsPerTally(replicas)))) {
      await market.submit('admin', 'TallyRound', { coupleId, attempt: 2, subsetIndexes });
    }
    await market.openRound(3);
    expect(market.ledger.mostKeys).toBeGreaterThan(30);
    expect(market.ledger.mostKeys).toBeLessThanOrEqual(56);
  });

  it('hosts that answer together write no key in common', async () => {
    const market = await TestMarket.approved({ rounds: 1, subsetsPerRound: 1 });
    const { slots } = (await market.start(1)).drawn[0]!;
    const written = new Set<string>();
    let count = 0;
    for (const { instanceId, slot } of slots) {
      const input = market.updateInput(`host${slot}`, instanceId, 1, market.updateDigest(1, 0));
      const { simulation } = await market.ledger.endorse(market.who(`host${slot}`), 'SubmitUpdate', input);
      for (const key of simulation.writes.keys()) written.add(key);
      count += simulation.writes.size;
    }
    expect(written.size).toBe(count);
  });
});
