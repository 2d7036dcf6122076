import { describe, expect, it } from 'vitest';
import { defineProgram, parseProgram, programExposes } from '../program.js';
import { refusal } from '../testing/errors.js';
import {
  diabetes,
  packageOf,
  prepare,
  runRounds,
  trainerOf,
  turns,
  context,
  type Prepared,
} from '../testing/fixtures.js';
import { familyChoices, familyTables } from '../testing/familyTables.js';
import { momentsOf, openPackage } from '../trainer/openedPackage.js';
import { trainInClear } from '../trainer/clearTwin.js';
import { trainOnShard } from '../trainer/host.js';
import type { TrainerState } from '../trainer/state.js';
import { evaluateModel, lossOf } from './predict.js';
import { familyNames, familyOf, type FamilyName } from './registry.js';
import { trainingFigures } from '../trainer/roundMetrics.js';
import type { Table } from '../data/table.js';
import type { TrainedResult } from './result.js';

const draws = turns(6, 3, 2);
const clone = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe.each(familyNames)('the family %s', (family) => {
  const program = defineProgram({ family, ...familyChoices[family] });
  const split = prepare(familyTables[family](), 3);
  const open = (subset: number) =>
    openPackage(split.packageBytes[subset]!, { program, template: split.template });
  const prepared: Prepared = { ...split, packages: split.packageBytes.map((_, subset) => open(subset)) };

  it('trains to the same model encrypted and in clear, but for the noise', async () => {
    const { template, packages, table } = prepared;
    const { model } = await trainInClear({ program, template, packages, draws });
    const { trainer, state } = await runRounds(prepared, program, draws);
    const error = (of: TrainedResult): number => evaluateModel(table, of)[0]!.value;
    expect(Math.abs(error(trainer.result(state)) - error(model))).toBeLessThan(1e-3 * error(model));
  });

  it('goes on from any checkpoint as without a break', async () => {
    const whole = await runRounds(prepared, program, draws);
    const trainer = await trainerOf(prepared, program);
    let state: TrainerState = trainer.initialState();
    for (const [index, subsets] of draws.entries()) {
      const attempt = index + 1;
      const again = await trainerOf(prepared, parseProgram(clone(program)));
      const model = await again.modelForRound(clone(state), attempt);
      expect(model).toEqual(await trainer.modelForRound(state, attempt));
      const updates = [];
      for (const subset of subsets) {
        const job = { package: open(subset), program, model, heKey: again.heKey(), ...context, attempt };
        updates.push({ subset, bytes: await trainOnShard(job) });
      }
      state = clone((await again.applyUpdates(clone(state), attempt, updates)).state);
    }
    expect(state).toEqual(whole.state);
  });

  it('makes the same moments and map of the same rows, however they are cut', () => {
    const sums = [1, 7, 1024].map((rows) => {
      const visitor = familyOf(family).sums({ head: program.head, template: prepared.template });
      const cells = rowsOf(prepared, 0);
      const width = prepared.template.features + 1;
      visitor.begin(prepared.template.features);
      for (let at = 0; at < cells.length; at += rows * width) {
        const part = cells.subarray(at, at + rows * width);
        visitor.rows({ rows: part.length / width, cells: part });
      }
      return visitor.moments();
    });
    expect(sums[1]).toEqual(sums[0]);
    expect(sums[2]).toEqual(sums[0]);
  });

  it('makes maps and set-ups of the sizes that its messages have', () => {
    const { features } = prepared.template;
    const { messages, hostMap, setup } = familyOf(family);
    const sizes = messages(program.head, features);
    const { rows } = open(0);
    const shape = { features, rows, totalRows: prepared.template.rows };
    const map = hostMap(momentsOf(open(0), program), program.head, shape);
    expect([map.inputs, map.outputs]).toEqual([sizes.inputs, sizes.outputs]);
    expect(map.matrix).toHaveLength(sizes.inputs * sizes.outputs);
    expect(map.offset).toHaveLength(sizes.outputs * (sizes.vectors ?? 1));
    expect(map.imaginary?.length ?? 0).toBe(sizes.imaginary ? sizes.inputs * sizes.outputs : 0);
    const numbers = setup?.numbers(momentsOf(open(0), program), program.head, shape);
    expect(numbers?.length ?? 0).toBe(sizes.setup);
  });

  it('estimates the loss on the rows that were trained on, without seeing them', async () => {
    const plain = { ...program, protection: 'plain' as const };
    const opened = prepare(prepared.table, 3, { program: plain });
    const { trainer, state, metrics } = await runRounds(opened, plain, turns(12, 3, 2));
    const figures = metrics.at(-1)!.metrics;
    const exact = exactFigures(opened.table, trainer.result(state));
    expect(figures.length).toBeGreaterThan(0);
    for (const { name, value, ...about } of figures) {
      expect(about).toEqual({ split: 'train', kind: 'estimate', subsets: 3, of: 3 });
      expect(Math.abs(value / exact.get(name)! - 1), name).toBeLessThan(estimateTolerance[family]);
    }
    expect(metrics[0]!.metrics.every(({ subsets }) => subsets === 2)).toBe(true);
  });

  it('refuses heads and states that are none', () => {
    for (const head of [null, {}, { ...program.head, more: 1 }])
      refusal(() => parseProgram({ ...program, head }), 'VT7301');
    for (const model of [null, {}, 3, []])
      expect(familyOf(family).stateSchema.safeParse(model).success).toBe(false);
  });

  it('keeps a state that does not grow over 200 rounds', async () => {
    const plain = { ...program, protection: 'plain' as const };
    const sizeAfter = async (rounds: number): Promise<number> =>
      JSON.stringify((await runRounds(prepared, plain, turns(rounds, 3, 2))).state).length;
    expect(await sizeAfter(200)).toBeLessThan(1.1 * (await sizeAfter(100)));
  }, 240_000);

  it('predicts with what it wrote down, and with nothing else', async () => {
    const { trainer, state } = await runRounds(prepared, { ...program, protection: 'plain' }, draws);
    const { parameters } = clone(trainer.result(state));
    const row = prepared.table.values.subarray(0, prepared.table.features);
    const { features } = prepared.table;
    expect(familyOf(family).predictor(parameters, features)(row)).toBeTypeOf('number');
    const model = { family, parameters };
    expect(lossOf(prepared.table, model)).toEqual(evaluateModel(prepared.table, model)[0]);
    refusal(() => familyOf(family).predictor(parameters, features - 1), 'VT7501');
    refusal(() => familyOf(family).predictor({}, features), 'VT7501');
  });
});

/** How far an estimate may be from the loss on the rows, as a part of it: quadratics are exact where the whole table answers at once. */
const estimateTolerance: Readonly<Record<FamilyName, number>> = {
  linear: 5e-3,
  logistic: 2e-3,
  multiLogistic: 6e-2,
  ridge: 1e-9,
  ridgeClassifier: 1e-9,
};

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

it('moments are those of the family that a package was opened for', () => {
  const prepared = prepare(diabetes(), 3);
  expect(packageOf(prepared, 0)).toEqual(openPackage(prepared.packageBytes[0]!, { family: 'linear' }));
  for (const name of ['forest', 'constructor']) refusal(() => familyOf(name), 'VT7301');
});

it('a program says what the model owner can work out of a subset', () => {
  expect(programExposes(defineProgram())).toBe('secondMoments');
  expect(programExposes(defineProgram({ family: 'logistic', degree: 1 }))).toBe('secondMoments');
  expect(programExposes(defineProgram({ family: 'logistic', degree: 2 }))).toBe('thirdMoments');
});

/** The standardised rows of a subset, as its package has them. */
function rowsOf(prepared: Prepared, subset: number): Float64Array {
  const bytes = prepared.packageBytes[subset]!;
  const rows = prepared.template.subsetRows[subset]!;
  const width = prepared.template.features + 1;
  return new Float64Array(bytes.slice(bytes.length - 8 * rows * width).buffer);
}
