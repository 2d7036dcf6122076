import { defineProgram } from '@veritrain/training';
import { figureOf } from '../support/figures.js';
import { allSubsets, packed, runBoth } from '../support/sideBySide.js';
import { severalClasses } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { medianTimes, messagesOf, repeat, share } from './common.js';

const subsets = 2;
const rounds = 4;
const classes = Array.from({ length: 10 }, (_, value) => value);

/** One subset in one round of a ridge classifier of ten classes, once the host has encoded its matrix. @param features the 1 counted */
export function ridgeStep({ features, goalSeconds }: { features: number; goalSeconds: number }): Benchmark {
  return {
    name: `ridge-${features}-10`,
    title: `ridge, ${features} features × 10 outputs, one subset in one round`,
    goalSeconds,
    async measure({ runs }) {
      const table = severalClasses(400, features - 1, classes.length);
      const program = defineProgram({ family: 'ridgeClassifier', classes, lambda: 0.01 });
      const training = { program, ...packed(table, subsets), draws: allSubsets(rounds, subsets) };
      const all = await repeat(runs, () => runBoth(training));
      const last = all.at(-1);
      return {
        encryptedTimes: share(
          medianTimes(all.flatMap(({ encrypted }) => encrypted.rounds.slice(1))),
          subsets,
        ),
        plainTimes: share(medianTimes(all.flatMap(({ plain }) => plain.rounds.slice(1))), subsets),
        metric: 'accuracy',
        encrypted: figureOf('accuracy', table, last?.encrypted.models.at(-1)),
        plain: figureOf('accuracy', table, last?.plain.models.at(-1)),
        ...messagesOf(all),
        notes: [],
      };
    },
  };
}
