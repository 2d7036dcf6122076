import { describe, expect, it } from 'vitest';
import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import { largest } from '../optimisers/vectors.js';
import { defineProgram } from '../program.js';
import { linearState, mse, prepare, runRounds, turns, type Prepared } from '../testing/fixtures.js';
import { directRidge, forecasts, hardKinds, hardTable } from '../testing/hardTables.js';

/** An encrypted run: its error as a part of the target's variance, and what was said of its rounds. */
async function train(data: Prepared, rounds: number) {
  const subsets = data.packages.length;
  const draws = turns(rounds, subsets, Math.ceil(subsets / 2));
  const { trainer, state, metrics } = await runRounds(data, defineProgram(), draws);
  const variance = data.template.statistics.targetScale ** 2;
  return { error: mse(data.table, trainer.result(state)) / variance, state, metrics };
}

describe('an encrypted run', () => {
  it.each(hardKinds)('ends at the direct solution, within a hundredth of the variance: %s', async (kind) => {
    const data = prepare(hardTable(kind, 3, 1), 2);
    const { error } = await train(data, 40);
    const direct = directRidge(data, 0);
    expect(error).toBeLessThan(direct.errorOf(direct.weights) + 0.01);
  });

  it('reaches a solution far outside the range of weights, and says that the bound was active', async () => {
    const data = prepare(forecasts(), 3);
    const direct = directRidge(data, 0);
    expect(largest(direct.weights)).toBeGreaterThan(3 * LARGEST_WEIGHT);
    const { error, state, metrics } = await train(data, 30);
    expect(error).toBeLessThan(direct.errorOf(direct.weights) + 0.01);
    expect(largest(linearState(state).weights)).toBeGreaterThan(3 * LARGEST_WEIGHT);
    expect(largest(linearState(state).query)).toBe(LARGEST_WEIGHT);
    const active = metrics.map(({ boundActive }) => boundActive);
    expect([active[0], active.at(-1)]).toEqual([false, true]);
  });
});
