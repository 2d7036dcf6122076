import { describe, expect, it } from 'vitest';
import type { Table } from '../data/table.js';
import { defineProgram } from '../program.js';
import { familyChoices, familyTables } from '../testing/familyTables.js';
import { diabetes, prepare, runRounds, turns } from '../testing/fixtures.js';
import { trainingFigures } from '../trainer/roundMetrics.js';
import { evaluateModel } from './predict.js';
import { familyNames, familyOf, type FamilyName } from './registry.js';
import type { TrainedResult } from './result.js';

/** How far an estimate may be from the loss on the rows, as a part of it: quadratics are exact where the whole table answers at once. */
const estimateTolerance: Readonly<Record<FamilyName, number>> = {
  linear: 5e-3,
  logistic: 2e-3,
  multiLogistic: 6e-2,
  ridge: 1e-9,
  ridgeClassifier: 1e-9,
};

describe.each(familyNames)('the family %s', (family) => {
  it('estimates the loss on the rows that were trained on, without seeing them', async () => {
    const program = defineProgram({ family, ...familyChoices[family], protection: 'plain' });
    const prepared = prepare(familyTables[family](), 3, { program });
    const { trainer, state, metrics } = await runRounds(prepared, program, turns(12, 3, 2));
    const figures = metrics.at(-1)!.metrics;
    const exact = exactFigures(prepared.table, trainer.result(state));
    expect(figures.length).toBeGreaterThan(0);
    for (const { name, value, ...about } of figures) {
      expect(about).toEqual({ split: 'train', kind: 'estimate', subsets: 3, of: 3 });
      expect(Math.abs(value / exact.get(name)! - 1), name).toBeLessThan(estimateTolerance[family]);
    }
    expect(metrics[0]!.metrics.every(({ subsets }) => subsets === 2)).toBe(true);
  });
});

function exactFigures(table: Table, model: TrainedResult): Map<string, number> {
  const figures = new Map<string, number>(
    evaluateModel(table, model).map(({ name, value }) => [name, value]),
  );
  if (model.family === 'ridgeClassifier') figures.set('squaredLoss', squaredLossOf(table, model));
  return figures;
}

/** Mean over the rows of the squared error of all scores. */
function squaredLossOf({ values, targets, rows, features }: Table, model: TrainedResult): number {
  const { standardised, weights, intercepts } = familyOf(model.family).scores!(model.parameters);
  const { means, scales, largest } = standardised!;
  const classes = familyOf(model.family).severalClasses!(model.parameters);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const x = Array.from(values.subarray(row * features, (row + 1) * features), (value, j) =>
      Math.max(-largest, Math.min(largest, (value - means[j]!) / scales[j]!)),
    );
    for (const [place, value] of classes.entries()) {
      const score = x.reduce(
        (sum, feature, j) => sum + feature * weights[place * features + j]!,
        intercepts[place]!,
      );
      loss += (score - (targets[row] === value ? 1 : 0)) ** 2 / rows;
    }
  }
  return loss;
}

it('figures of a round speak for the subsets of the batches that were used', () => {
  const loss = {
    metrics: [
      { name: 'mse' as const, value: 2 },
      { name: 'r2' as const, value: NaN },
    ],
    subsets: [1],
  };
  expect(
    trainingFigures(loss, [
      [0, 2, 4],
      [1, 3, 5, 6],
    ]),
  ).toEqual([{ name: 'mse', value: 2, split: 'train', kind: 'estimate', subsets: 4, of: 7 }]);
});

it('says nothing where hosts make several steps, whose quadratics are not those of the loss', async () => {
  const program = defineProgram({ localSteps: 3, protection: 'plain' });
  const { metrics } = await runRounds(prepare(diabetes(), 3), program, turns(2, 3, 3));
  expect(metrics.map((round) => round.metrics)).toEqual([[], []]);
});
