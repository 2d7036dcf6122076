import { defineProgram } from '@veritrain/training';
import { randomDraws, trainAndTest } from '../../src/testing/logistic.js';
import { exactClasses } from '../../src/testing/multiLogistic.js';
import { figureOf } from '../support/figures.js';
import { packed, runBoth, type Both } from '../support/sideBySide.js';
import { severalClasses } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { classNumbers, messagesOf, repeat, stepTimes } from './common.js';
import { lambda } from './logistic.js';

const subsets = 5;
const drawn = 3;
const rounds = 6;

/** Trains several classes, one against the rest, on synthetic rows. */
export function trainClasses(
  sizes: { readonly features: number; readonly classes: number },
  runs: number,
): Promise<Both[]> {
  const { features, classes } = sizes;
  const table = severalClasses(2000, features, classes);
  const program = defineProgram({ family: 'multiLogistic', classes: classNumbers(classes), lambda });
  return repeat(runs, (run) =>
    runBoth({ program, ...packed(table, subsets), draws: randomDraws(rounds, subsets, drawn, `${run}`) }),
  );
}

/** The later half of the rounds: no set-up is owed then. */
export const laterClasses = { after: rounds / 2, drawn };

/** One subset in one round, and how far from the exact fit of each class against the rest six rounds end. */
export function classesStep(sizes: { readonly features: number; readonly classes: number }): Benchmark {
  const { features, classes } = sizes;
  return {
    name: `classes-${features}-${classes}`,
    title: `${classes} classes, D = ${features}: 2,000 × ${features}, one subset in one round`,
    async measure({ runs }) {
      const all = await trainClasses(sizes, runs);
      const { train, test } = trainAndTest(severalClasses(2500, features, classes), 'classes');
      const program = defineProgram({ family: 'multiLogistic', classes: classNumbers(classes), lambda });
      const data = packed(train, subsets);
      const both = await runBoth({ program, ...data, draws: randomDraws(rounds, subsets, drawn, 'test') });
      const exact = exactClasses(train, data, program.head).model;
      const [ours, twin] = [both.encrypted.models.at(-1), both.plain.models.at(-1)];
      const figures = (['accuracy', 'macroAuc', 'logLoss'] as const).map(
        (name) =>
          `${name} ${figureOf(name, test, ours).toFixed(4)} (exact ${figureOf(name, test, exact).toFixed(4)})`,
      );
      return {
        encryptedTimes: stepTimes(all, 'encrypted', laterClasses),
        plainTimes: stepTimes(all, 'plain', laterClasses),
        metric: 'test log-loss',
        encrypted: figureOf('logLoss', test, ours),
        plain: figureOf('logLoss', test, twin),
        ...messagesOf(all),
        notes: [`2,000 rows to train on, 500 to test, 6 rounds of 3 of 5 subsets: ${figures.join(', ')}`],
      };
    },
  };
}
