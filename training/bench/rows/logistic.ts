import { defineProgram, type Table } from '@veritrain/training';
import { randomDraws, trainAndTest } from '../../src/testing/logistic.js';
import { exactFit, type FitFigures } from '../support/exactFit.js';
import { figureOf } from '../support/figures.js';
import { mean } from '../support/median.js';
import { packed, runBoth, type Both } from '../support/sideBySide.js';
import type { Benchmark } from './benchmark.js';
import { medianTimes, messagesOf, repeat } from './common.js';

const subsets = 5;
const drawn = 3;
const rounds = 5;
/** Ridge penalty of the logistic rows, also of the exact fit. */
export const lambda = 1e-3;

/** A training on one split of a table, its test rows, and what the exact fit reaches on them. */
export interface SplitRun extends Both {
  readonly test: Table;
  readonly exact: FitFigures;
}

/** Trains on four fifths of the rows, which a seed draws. */
export async function trainOnSplit(table: Table, seed: string, roundCount: number): Promise<SplitRun> {
  const { train, test } = trainAndTest(table, seed);
  const data = packed(train, subsets);
  const draws = randomDraws(roundCount, subsets, drawn, seed);
  const program = defineProgram({ family: 'logistic', lambda });
  const both = await runBoth({ program, ...data, draws });
  return { ...both, test, exact: exactFit(train, test, data.template, lambda) };
}

/** Over which figures are means. */
const leastSplits = 10;

/** The whole training; each run is another split. */
export const logisticFramingham: Benchmark = {
  name: 'logistic',
  title: `Framingham 3,656 × 15, ${subsets} subsets, ${drawn} a round, ${rounds} rounds`,
  needs: 'framingham',
  async measure({ runs, framingham }) {
    if (framingham === undefined) throw new Error('the Framingham table is missing');
    const splits = Math.max(leastSplits, runs);
    const all = await repeat(splits, (run) => trainOnSplit(framingham, `split ${run + 1}`, rounds));
    const meanOf = (figure: (run: SplitRun) => number): number => mean(all.map(figure));
    const byRun = all.map(({ encrypted, test }) => figureOf('auc', test, encrypted.models.at(-1)));
    const auc = mean(byRun);
    const farthest = Math.max(...all.map(({ exact }, run) => Math.abs(exact.auc - (byRun[run] ?? NaN))));
    const loss = meanOf(({ encrypted, test }) => figureOf('logLoss', test, encrypted.models.at(-1)));
    const exactAuc = meanOf(({ exact }) => exact.auc);
    const exactLoss = meanOf(({ exact }) => exact.logLoss);
    return {
      encryptedTimes: medianTimes(all.map(({ encrypted }) => encrypted.whole)),
      plainTimes: medianTimes(all.map(({ plain }) => plain.whole)),
      metric: 'test auc',
      encrypted: auc,
      byRun,
      plain: meanOf(({ plain, test }) => figureOf('auc', test, plain.models.at(-1))),
      ...messagesOf(all),
      notes: [
        `means of ${splits} splits: exact fit AUC ${exactAuc.toFixed(4)}, encrypted ${auc.toFixed(4)}; ` +
          `log-loss ${exactLoss.toFixed(4)} and ${loss.toFixed(4)}`,
        `largest distance from the exact AUC of a split: ${farthest.toFixed(4)} (goal: 0.003)`,
      ],
    };
  },
};
