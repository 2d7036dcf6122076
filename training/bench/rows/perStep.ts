import { defineProgram } from '@veritrain/training';
import { randomDraws } from '../../src/testing/logistic.js';
import { figureOf } from '../support/figures.js';
import { packed, runBoth } from '../support/sideBySide.js';
import { twoClasses } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { medianTimes, messagesOf, repeat, share } from './common.js';

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
      const later = rounds / 2;
      const last = all.at(-1);
      return {
        encryptedTimes: share(
          medianTimes(all.flatMap(({ encrypted }) => encrypted.rounds.slice(later))),
          drawn,
        ),
        plainTimes: share(medianTimes(all.flatMap(({ plain }) => plain.rounds.slice(later))), drawn),
        metric: 'log-loss',
        encrypted: figureOf('logLoss', table, last?.encrypted.models.at(-1)),
        plain: figureOf('logLoss', table, last?.plain.models.at(-1)),
        ...messagesOf(all),
        notes: [],
      };
    },
  };
}
