import { describe, expect, it } from 'vitest';
import { MAX_FEATURES } from '../../data/limits.js';
import type { Table } from '../../data/table.js';
import { Drbg } from '../../drbg.js';
import { solveDefinite } from '../../optimisers/vectors.js';
import { defineProgram, programExposes, programFeatures } from '../../program.js';
import { prepare, runRounds, turns, type Prepared } from '../../testing/fixtures.js';
import { refusal } from '../../testing/errors.js';
import { openPackage } from '../../trainer/openedPackage.js';
import { evaluateModel } from '../predict.js';
import { familiesThatTake, familyNames, familyOf } from '../registry.js';
import type { TrainedResult } from '../result.js';

/** Features that hang together in groups of eight, and a target of all of them with noise. */
function wideTable(rows: number, features: number): Table {
  const drbg = new Drbg(Buffer.from('wide'));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 32 - 0.5;
  const groups = Math.ceil(features / 8);
  const values = new Float64Array(rows * features);
  const targets = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const shared = Float64Array.from({ length: groups }, uniform);
    targets[row] = 5 * uniform();
    for (let j = 0; j < features; j++) {
      const value = shared[Math.floor(j / 8)]! + 0.3 * uniform();
      values[row * features + j] = value;
      targets[row]! += ((j % 5) - 2) * value;
    }
  }
  const columns = Array.from({ length: features }, (_, j) => `x${String(j)}`);
  return { source: 'wide', target: 'y', columns, rows, features, values, targets };
}

const program = defineProgram({ family: 'ridge', lambda: 0.001 });

function prepared(table: Table, subsets: number): Prepared {
  const split = prepare(table, subsets);
  const { template } = split;
  return { ...split, packages: split.packageBytes.map((bytes) => openPackage(bytes, { program, template })) };
}

/** The solution of the normal equations, standardised and with a 1 behind the features, in units of the target. */
function exactModel({ rows, features, values, targets }: Table, { template }: Prepared): TrainedResult {
  const { means, scales, targetMean, targetScale } = template.statistics;
  const width = features + 1;
  const [matrix, vector] = [new Float64Array(width * width), new Float64Array(width)];
  for (let row = 0; row < rows; row++) {
    const x = Array.from({ length: width }, (_, j) =>
      j === features ? 1 : (values[row * features + j]! - means[j]!) / scales[j]!,
    );
    const y = (targets[row]! - targetMean) / targetScale;
    for (let i = 0; i < width; i++) {
      vector[i]! += (x[i]! * y) / rows;
      for (let j = 0; j < width; j++) matrix[i * width + j]! += (x[i]! * x[j]!) / rows;
    }
  }
  for (let i = 0; i < width; i++) matrix[i * width + i]! += program.head.lambda;
  const solution = solveDefinite([...matrix], [...vector]) ?? [];
  const weights = solution.slice(0, features).map((weight) => weight * targetScale);
  const intercept = targetMean + solution[features]! * targetScale;
  return { family: 'ridge', parameters: { weights, intercept, means: [...means], scales: [...scales] } };
}

const errorOf = (table: Table, model: TrainedResult): number => evaluateModel(table, model)[0]!.value;

describe('ridge regression of many features', () => {
  it('reaches the exact solution of 200 features in 12 rounds', async () => {
    const table = wideTable(1200, 200);
    const split = prepared(table, 3);
    const { trainer, state } = await runRounds(split, { ...program, protection: 'plain' }, turns(12, 3, 3));
    const exact = errorOf(table, exactModel(table, split));
    expect(exact).toBeLessThan(0.2 * errorOf(table, trainer.result(trainer.initialState())));
    expect(errorOf(table, trainer.result(state))).toBeLessThan(1.001 * exact);
  });

  it('trains encrypted as in clear where linear models take no more features', async () => {
    const table = wideTable(300, 100);
    const split = prepared(table, 2);
    const draws = turns(4, 2, 2);
    const encrypted = await runRounds(split, program, draws);
    const clear = await runRounds(split, { ...program, protection: 'plain' }, draws);
    const errors = [encrypted, clear].map(({ trainer, state }) => errorOf(table, trainer.result(state)));
    expect(errors[0]).toBeCloseTo(errors[1]!, 3);
    expect(encrypted.metrics.at(-1)?.precisionBits).toBeGreaterThan(15);
  });

  it('cuts features and targets far from the mean, as predictions do', async () => {
    const table = wideTable(300, 40);
    table.targets[7] = 1e6;
    table.values[40 * 11] = -1e6;
    const split = prepared(table, 2);
    const { trainer, state } = await runRounds(split, { ...program, protection: 'plain' }, turns(8, 2, 2));
    const { template } = split;
    const row = table.values.slice(0, 40);
    const predictor = familyOf('ridge').predictor(trainer.result(state).parameters, 40);
    const most = template.statistics.means[0]! + 8 * template.statistics.scales[0]!;
    row[0] = most;
    const atMost = predictor(row);
    row[0] = 2 * most;
    expect(predictor(row)).toBe(atMost);
  });
});

it('families say how many features they take before any work', () => {
  const wide = ['ridge', 'ridgeClassifier'];
  expect([32, 33, 1024, 1025].map(familiesThatTake)).toEqual([familyNames, wide, wide, []]);
  expect(programExposes(program)).toBe('secondMoments');
  refusal(() => programFeatures(defineProgram(), 33), 'VT7302');
  expect(programFeatures(program, 1024)).toBe(1024);
});

it('a family that shows third moments takes no more features than pairs are counted of', () => {
  for (const name of familyNames) {
    const { exposes, chooseHead, maxFeatures } = familyOf(name);
    if (exposes(chooseHead({})) === 'thirdMoments') expect(maxFeatures).toBeLessThanOrEqual(MAX_FEATURES);
  }
});
