import { expect, it } from 'vitest';
import { defineProgram } from '../../program.js';
import { diabetes, prepare, runRounds, syntheticTable, turns } from '../../testing/fixtures.js';
import { hardTable } from '../../testing/hardTables.js';
import { randomDraws } from '../../testing/logistic.js';
import { evaluateModel } from '../predict.js';

const program = defineProgram({ family: 'linear', protection: 'plain' });
const cases = [
  ['Diabetes, 2 of 3 subsets', diabetes(), 3, turns(14, 3, 2)],
  ['Diabetes, 3 of 5 subsets', diabetes(), 5, randomDraws(14, 5, 3, 'a')],
  ['Diabetes, 2 of 7 subsets', diabetes(), 7, randomDraws(14, 7, 2, 'b')],
  ['a linear target', syntheticTable(300, 20), 3, turns(14, 3, 2)],
  ['columns that almost say the same', hardTable('collinear', 8, 3), 3, turns(14, 3, 2)],
  ['a column twice', hardTable('duplicated', 8, 3), 3, turns(14, 3, 2)],
] as const;

it.each(cases)(
  'says nothing before it knows the error to 0.06 of the variance: %s',
  async (_, table, subsets, draws) => {
    const prepared = prepare(table, subsets, { program });
    for (const rounds of [1, 2, 4, 6, 8, 11, 14]) {
      const { metrics, trainer, state } = await runRounds(prepared, program, draws.slice(0, rounds));
      const exact = new Map(
        evaluateModel(table, trainer.result(state)).map(({ name, value }) => [name, value]),
      );
      const said = metrics.at(-1)!.metrics.find(({ name }) => name === 'r2');
      if (rounds === 1) expect(said).toBeUndefined();
      if (said !== undefined)
        expect(Math.abs(said.value - exact.get('r2')!), `round ${rounds}`).toBeLessThan(0.06);
    }
  },
);

it('speaks in the end where every subset was asked along the steps', async () => {
  const prepared = prepare(diabetes(), 3, { program });
  const { metrics } = await runRounds(prepared, program, turns(14, 3, 2));
  expect(metrics.findIndex((round) => round.metrics.length > 0)).toBeLessThan(8);
  expect(metrics.at(-1)!.metrics.map(({ name }) => name)).toEqual(['mse', 'r2']);
});
