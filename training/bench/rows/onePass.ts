import { defineProgram } from '@veritrain/training';
import { figureOf } from '../support/figures.js';
import { allSubsets, packed, runBoth } from '../support/sideBySide.js';
import { tutorialTable } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { lambda } from './logistic.js';
import { medianTimes, messagesOf, repeat } from './common.js';

const subsets = 2;

/**
 * Every row once: the first round of a couple, with the set-ups of both subsets. Made before: the keys, and what hosts encode of
 * their rows while a couple waits for its first round.
 */
export const logisticPass: Benchmark = {
  name: 'logistic-pass',
  title: `780 × 9 (TenSEAL’s tutorial), one pass, ${subsets} subsets, first round`,
  goalSeconds: 0.015,
  async measure({ runs, framingham }) {
    const { train, test } = tutorialTable(framingham);
    const program = defineProgram({ family: 'logistic', lambda });
    const training = { program, ...packed(train, subsets), draws: allSubsets(2, subsets), isPrepared: true };
    const all = await repeat(5 * runs, () => runBoth(training));
    const round = (index: number) => ({
      encryptedTimes: medianTimes(all.flatMap(({ encrypted }) => encrypted.rounds[index] ?? [])),
      plainTimes: medianTimes(all.flatMap(({ plain }) => plain.rounds[index] ?? [])),
    });
    const last = all.at(-1);
    const later = round(1).encryptedTimes.seconds * 1000;
    const preparing = medianTimes(all.map(({ encrypted }) => encrypted.preparing)).seconds * 1000;
    return {
      ...round(0),
      metric: 'test auc',
      encrypted: figureOf('auc', test, last?.encrypted.models[0]),
      plain: figureOf('auc', test, last?.plain.models[0]),
      ...messagesOf(all),
      notes: [
        `a later pass, without set-ups: ${later.toFixed(1)} ms`,
        `both hosts prepare it in ${preparing.toFixed(1)} ms, once`,
        ...(framingham === undefined ? ['synthetic rows: there is no Framingham table'] : []),
      ],
    };
  },
};
