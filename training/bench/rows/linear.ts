import { defineProgram } from '@veritrain/training';
import { allSubsets, packed, runBoth } from '../support/sideBySide.js';
import { diabetes } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { lastFigures, medianTimes, messagesOf, repeat } from './common.js';

/** Rounds of the linear row. */
export const linearRounds = 100;
const subsets = 5;

/** Least squares, the whole training. */
export const linearDiabetes: Benchmark = {
  name: 'linear',
  title: `Diabetes 442 × 10, ${subsets} subsets × ${linearRounds} rounds`,
  goalSeconds: 2,
  async measure({ runs }) {
    const table = diabetes();
    const draws = allSubsets(linearRounds, subsets);
    const training = { program: defineProgram(), ...packed(table, subsets), draws };
    const all = await repeat(runs, () => runBoth(training));
    const last = all.at(-1);
    return {
      encryptedTimes: medianTimes(all.map(({ encrypted }) => encrypted.whole)),
      plainTimes: medianTimes(all.map(({ plain }) => plain.whole)),
      metric: 'mse',
      ...lastFigures('mse', table, last),
      ...messagesOf(all),
      notes: [],
    };
  },
};
