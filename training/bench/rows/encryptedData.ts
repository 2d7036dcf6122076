import { defineProgram, type TrainedResult } from '@veritrain/training';
import { linearParametersSchema, toInputUnits } from '../../src/models/linear/model.js';
import { duration } from '../command/units.js';
import { leastSquares } from '../support/exactFit.js';
import { allSubsets, packed, runBoth } from '../support/sideBySide.js';
import { diabetes } from '../support/tables.js';
import type { Benchmark } from './benchmark.js';
import { lastFigures, medianTimes, messagesOf, repeat, share } from './common.js';

/** Rounds of the row: one more than features, two for the way to the first products. */
export const encryptedDataRounds = 12;
const subsets = 5;

/** Least squares where hosts see neither rows nor model: every round a ciphertext times a ciphertext. */
export const encryptedDataDiabetes: Benchmark = {
  name: 'encrypted-data',
  title: `Diabetes 442 × 10, data encrypted too, ${subsets} subsets × ${encryptedDataRounds} rounds`,
  async measure({ runs }) {
    const table = diabetes();
    const data = packed(table, subsets);
    const draws = allSubsets(encryptedDataRounds, subsets);
    const training = { program: defineProgram({ data: 'encrypted' }), ...data, draws };
    const all = await repeat(runs, () => runBoth(training));
    const last = all.at(-1);
    const exact = toInputUnits(leastSquares(table, data.template), data.template).weights;
    const encrypting = medianTimes(all.map(({ encrypted }) => share(encrypted.encryptingData, subsets)));
    const perSubset = medianTimes(
      all.flatMap(({ encrypted }) => encrypted.rounds.map((round) => share(round, subsets))),
    );
    return {
      encryptedTimes: medianTimes(all.map(({ encrypted }) => encrypted.whole)),
      plainTimes: medianTimes(all.map(({ plain }) => plain.whole)),
      metric: 'mse',
      ...lastFigures('mse', table, last),
      ...messagesOf(all),
      notes: [
        `hosts see neither rows nor model; farthest weight ${farthest(last?.encrypted.models.at(-1), exact, data.template.statistics.scales).toExponential(1)} of the largest from least squares in clear (goal: 1e-3)`,
        `${duration(perSubset.seconds)} a subset and round; a data owner encrypts a subset once in ${duration(encrypting.seconds)}`,
      ],
    };
  },
};

/** Largest distance of a weight from the exact one, over the largest exact weight, in standardised units. */
function farthest(
  model: TrainedResult | undefined,
  exact: readonly number[],
  scales: readonly number[],
): number {
  const found = linearParametersSchema.parse(model?.parameters).weights;
  const standardised = (weights: readonly number[]): number[] =>
    weights.map((weight, j) => weight * (scales[j] ?? NaN));
  const [ours, theirs] = [standardised(found), standardised(exact)];
  const apart = ours.map((weight, j) => Math.abs(weight - (theirs[j] ?? NaN)));
  return Math.max(...apart) / Math.max(...theirs.map(Math.abs));
}
