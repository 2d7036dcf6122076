import { describe, expect, it } from 'vitest';
import {
  keysOf,
  maxReplicasOfSums,
  subsetsPerClose,
  subsetsPerTally,
  subsetsPerVerification,
  type Judged,
} from '../domain/index.js';
import { TestMarket } from '../testing/market.js';

const coupleId = 'tc_test';
const perSubset = (replicas: number): Judged => ({ subsets: 30, replicas, aggregation: 'perSubset' });

describe('rule 5: no transaction touches more than about 50 keys', () => {
  describe.each([1, 3, 15])('%i replicas', (replicas) => {
    const subsets = Math.max(2, 2 * subsetsPerClose(perSubset(replicas)));
    const openMarket = (): Promise<TestMarket> =>
      TestMarket.approved({ subsets, replicas, rounds: 1, subsetsPerRound: subsets / 2 });

    it('CloseRound touches as many as are declared', async () => {
      const market = await openMarket();
      await market.start(1);
      const drawn = (await market.commitAll(1)).slice(0, subsetsPerClose(perSubset(replicas)));
      const results = drawn.map((subsetIndex) => ({
        subsetIndex,
        claim: market.updateDigest(1, subsetIndex),
      }));
      await market.submit('modeller', 'CloseRound', { coupleId, attempt: 1, results });
      // The contract cannot judge one replica alone, so its host gets no conduct record.
      const unjudged = replicas === 1 ? drawn.length : 0;
      expect(market.ledger.maxKeys.get('CloseRound')).toBe(
        keysOf('CloseRound', drawn.length, perSubset(replicas)) - unjudged,
      );
    });

    it('TallyRound touches as many as are declared', async () => {
      const market = await openMarket();
      await market.start(1);
      const drawn = (await market.commitAll(1)).slice(0, subsetsPerTally(perSubset(replicas)));
      await market.pass(52_000);
      await market.submit('admin', 'TallyRound', { coupleId, attempt: 1, subsetIndexes: drawn });
      expect(market.ledger.maxKeys.get('TallyRound')).toBe(
        keysOf('TallyRound', drawn.length, perSubset(replicas)),
      );
    });

    it('VerifyInstances touches at most as many as are declared', async () => {
      const market = await openMarket();
      const max = keysOf('VerifyInstances', subsetsPerVerification(replicas), perSubset(replicas));
      const keys = market.ledger.maxKeys.get('VerifyInstances');
      expect(keys).toBeGreaterThan(0);
      expect(keys).toBeLessThanOrEqual(max);
    });
  });

  describe.each([3, 7])('sums over batches of five, %i replicas', (replicas) => {
    const of = { subsets: 5, replicas, aggregation: 'sum' } as const;

    it('a close and a tally of one subset read its whole batch, as declared', async () => {
      const market = await TestMarket.approved({ ...of, rounds: 2, subsetsPerRound: 5 });
      await market.start(1);
      for (const subsetIndex of await market.commitAll(1)) await market.close(1, subsetIndex);
      expect(market.ledger.maxKeys.get('CloseRound')).toBe(keysOf('CloseRound', 1, of));
      await market.start(2);
      await market.commitAll(2);
      await market.pass(52_000);
      await market.submit('admin', 'TallyRound', { coupleId, attempt: 2, subsetIndexes: [0] });
      expect(market.ledger.maxKeys.get('TallyRound')).toBe(keysOf('TallyRound', 1, of));
    });
  });

  it.each([
    ['VerifyInstances', ({ replicas }: Judged) => subsetsPerVerification(replicas)],
    ['CloseRound', subsetsPerClose],
    ['TallyRound', subsetsPerTally],
  ] as const)('%s takes as many subsets as fit, and always one', (name, maxSubsets) => {
    for (let replicas = 1; replicas <= 15; replicas += 1) {
      const of = perSubset(replicas);
      const most = maxSubsets(of);
      expect(keysOf(name, most, of)).toBeLessThanOrEqual(most === 1 ? keysOf(name, 1, perSubset(15)) : 50);
    }
    expect(keysOf(name, 1, perSubset(15))).toBeLessThanOrEqual(52);
    for (let replicas = 1; replicas <= maxReplicasOfSums; replicas += 1)
      for (const subsets of [30, 31, 32]) {
        const of = { subsets, replicas, aggregation: 'sum' } as const;
        const most = maxSubsets(of);
        expect(keysOf(name, most, of)).toBeLessThanOrEqual(most === 1 ? 56 : 50);
      }
  });

  it('a round of 40 subsets starts within it', async () => {
    const market = await TestMarket.approved({ subsets: 60, replicas: 1, rounds: 1, subsetsPerRound: 40 });
    await market.start(1);
    expect(market.ledger.maxKeys.get('StartRound')).toBeLessThanOrEqual(56);
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
