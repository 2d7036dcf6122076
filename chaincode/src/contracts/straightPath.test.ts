import { describe, expect, it } from 'vitest';
import { TestMarket } from '../testing/market.js';

describe('the straight path', () => {
  it('runs from an empty ledger to a finished couple', async () => {
    const market = await TestMarket.approved({ subsets: 4, rounds: 3, subsetsPerRound: 2 });
    for (let attempt = 1; attempt <= 3; attempt += 1) await market.playRound(attempt);
    const finished = await market.submit('modeller', 'FinishTraining', {
      coupleId: 'tc_test',
      finalModelDigest: market.updateDigest(9, 9),
      metrics: [{ name: 'mse', value: '2868.52' }],
    });
    expect(finished).toMatchObject({ state: 'finished', startedRounds: 3 });
    const rows = await market.query('ListConduct', { participantId: market.id('host0') });
    expect(rows.items.map((row) => row.kind)).toEqual(Array(6).fill('agreed'));
    expect(Math.max(...market.ledger.maxKeys.values())).toBeLessThanOrEqual(50);
  });
});
