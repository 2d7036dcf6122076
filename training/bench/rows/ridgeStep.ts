import { defineProgram } from '@veritrain/training';
import { allSubsets, packed, runBoth } from '../support/sideBySide.js';
import { severalClasses } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { classNumbers, lastFigures, messagesOf, repeat, stepTimes } from './common.js';

const subsets = 2;
const rounds = 4;
const classes = classNumbers(10);

/**
 * One subset in one round of a ridge classifier of ten classes, once the host has encoded its matrix.
 * @param features the 1 counted
 */
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
      const encoded = { after: 1, drawn: subsets };
      return {
        encryptedTimes: stepTimes(all, 'encrypted', encoded),
        plainTimes: stepTimes(all, 'plain', encoded),
        metric: 'accuracy',
        ...lastFigures('accuracy', table, all.at(-1)),
        ...messagesOf(all),
        notes: [],
      };
    },
  };
}
