import { defineProgram } from '@veritrain/training';
import { randomDraws } from '../../src/testing/logistic.js';
import { packed, runBoth } from '../support/sideBySide.js';
import { twoClasses } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { lastFigures, messagesOf, repeat, stepTimes } from './common.js';

const subsets = 5;
const drawn = 3;
const rounds = 8;

/** One subset in one round, once the set-ups are known: the round's time over the subsets that it drew. */
export function logisticStep(step: { readonly features: number; readonly goalSeconds: number }): Benchmark {
  const { features, goalSeconds } = step;
  return {
    name: `logistic-${features}`,
    title: `D = ${features}: 2,000 × ${features}, one subset in one round`,
    goalSeconds,
    async measure({ runs }) {
      const table = twoClasses(2000, features);
      const program = defineProgram({ family: 'logistic' });
      const all = await repeat(runs, async (run) =>
        runBoth({
          program,
          ...packed(table, subsets),
          draws: randomDraws(rounds, subsets, drawn, `${run}`),
        }),
      );
      // The later half: no set-up is owed then.
      const later = { after: rounds / 2, drawn };
      return {
        encryptedTimes: stepTimes(all, 'encrypted', later),
        plainTimes: stepTimes(all, 'plain', later),
        metric: 'log-loss',
        ...lastFigures('logLoss', table, all.at(-1)),
        ...messagesOf(all),
        notes: [],
      };
    },
  };
}
