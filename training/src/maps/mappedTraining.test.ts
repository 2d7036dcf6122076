import { describe, expect, it } from 'vitest';
import type { Table } from '../data/table.js';
import { Drbg } from '../drbg.js';
import { evaluateModel, firstModel, lossOf } from '../models/predict.js';
import { defineProgram, programExposes, type TrainingProgram } from '../program.js';
import { refusal } from '../testing/errors.js';
import { packageOf, prepare, runRounds, syntheticTable, turns, type Prepared } from '../testing/fixtures.js';
import { trainInClear } from '../trainer/localTraining.js';
import { messageSizes } from '../trainer/messageSizes.js';
import { openPackage } from '../trainer/openedPackage.js';

const polynomial = { kind: 'polynomial', degree: 2 } as const;
const layer = { kind: 'random-layer', units: 60, seed: 'test' } as const;

/** Two columns; what the target is follows from their product alone. */
function crossed(target: (product: number) => number): Table {
  const drbg = new Drbg(Buffer.from('crossed'));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const values = Float64Array.from({ length: 600 }, uniform);
  const targets = Float64Array.from({ length: 300 }, (_, row) =>
    target(values[2 * row]! * values[2 * row + 1]!),
  );
  return { source: 'crossed', target: 'y', columns: ['a', 'b'], rows: 300, features: 2, values, targets };
}

function openedFor(program: TrainingProgram, table: Table): Prepared {
  const split = prepare(table, 3);
  const { template } = split;
  return { ...split, packages: split.packageBytes.map((bytes) => openPackage(bytes, { program, template })) };
}

/** The model in clear, and its encrypted twin. */
async function bothOf(program: TrainingProgram, table: Table, rounds: number) {
  const prepared = openedFor(program, table);
  const draws = turns(rounds, 3, 3);
  const { model } = await trainInClear({ program, ...prepared, draws });
  const { trainer, state } = await runRounds(prepared, program, draws);
  return { plain: model, encrypted: trainer.result(state), first: firstModel(program, prepared.template) };
}

describe('training on mapped features', () => {
  it('a linear model of products and squares learns a product', async () => {
    const table = crossed((product) => 7 + 100 * product);
    const program = defineProgram({ featureMap: polynomial });
    const { plain, encrypted, first } = await bothOf(program, table, 10);
    const [mse, noisy] = [plain, encrypted].map((model) => lossOf(table, model).value);
    expect(mse).toBeLessThan(0.001 * lossOf(table, first).value);
    expect(noisy).toBeLessThan(0.001 * lossOf(table, first).value);
    expect(JSON.parse(JSON.stringify(encrypted))).toMatchObject({ features: { map: polynomial } });
  });

  it('a logistic model of products and squares tells classes apart that no line does', async () => {
    const table = crossed((product) => (product > 0 ? 1 : 0));
    const auc = (model: Parameters<typeof evaluateModel>[1]): number =>
      evaluateModel(table, model).find(({ name }) => name === 'auc')!.value;
    const straight = await bothOf(defineProgram({ family: 'logistic' }), table, 4);
    expect(auc(straight.plain)).toBeLessThan(0.7);
    const { plain, encrypted } = await bothOf(
      defineProgram({ family: 'logistic', featureMap: polynomial }),
      table,
      4,
    );
    expect(auc(plain)).toBeGreaterThan(0.97);
    expect(auc(encrypted)).toBeGreaterThan(0.97);
  });

  it('a ridge classifier on a random layer does too, whatever subsets are drawn', async () => {
    const table = crossed((product) => (product > 0.1 ? 2 : product < -0.1 ? 0 : 1));
    const choices = { family: 'ridgeClassifier' as const, classes: [0, 1, 2], lambda: 1e-4 };
    const program = defineProgram({ ...choices, featureMap: layer });
    const { plain, encrypted, first } = await bothOf(program, table, 12);
    const wrong = (model: Parameters<typeof lossOf>[1]): number => lossOf(table, model).value;
    expect(wrong(first)).toBeGreaterThan(0.5);
    expect(wrong(plain)).toBeLessThan(0.15);
    expect(Math.abs(wrong(encrypted) - wrong(plain))).toBeLessThanOrEqual(0.02);

    const prepared = openedFor(program, table);
    const drawn = turns(30, 3, 1);
    const { model } = await trainInClear({ program, ...prepared, draws: drawn });
    const whole = await trainInClear({ program, ...prepared, draws: turns(10, 3, 3) });
    // A query waits until every subset has answered it: 30 rounds of one subset are 10 of three.
    expect(model).toEqual(whole.model);
  });

  it('of a program that does not fit is refused before any work, with a code', () => {
    const { template, packageBytes } = prepare(syntheticTable(60, 8), 3);
    const linear = defineProgram({ featureMap: polynomial });
    const open = (program: TrainingProgram, other = template) =>
      openPackage(packageBytes[0]!, { program, template: other });
    expect(refusal(() => messageSizes(linear, 8), 'VT7302').facts).toMatchObject({ features: 45, most: 32 });
    refusal(() => open(linear), 'VT7302');
    refusal(() => openPackage(packageBytes[0]!, { program: linear }), 'VT7501');
    const classifier = defineProgram({ family: 'ridgeClassifier' });
    refusal(() => openPackage(packageBytes[0]!, { program: classifier }), 'VT7501');
    refusal(() => openPackage(packageBytes[0]!, { family: 'ridgeClassifier' }), 'VT7501');
    refusal(() => open(classifier, prepare(syntheticTable(61, 8), 3).template), 'VT7202');
    expect(packageOf(openedFor(defineProgram(), syntheticTable(60, 8)), 0).features).toBe(8);
  });

  it('shows second moments of features that are made of several columns', () => {
    expect(programExposes(defineProgram({ featureMap: polynomial }))).toBe('mappedMoments');
    expect(programExposes(defineProgram({ family: 'ridgeClassifier' }))).toBe('secondMoments');
  });
});
