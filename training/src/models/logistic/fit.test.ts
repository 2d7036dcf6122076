import { describe, expect, it } from 'vitest';
import type { Table } from '../../data/table.js';
import { dot } from '../../optimisers/vectors.js';
import { Drbg } from '../../drbg.js';
import { exactLogistic, type LabelledRows } from '../../testing/exactLogistic.js';
import {
  framingham,
  labelledRows,
  randomDraws,
  splitForLogistic,
  splitInto,
  trainAndTest,
  trainLogistic,
} from '../../testing/logistic.js';
import { classificationMetrics } from '../classificationMetrics.js';
import { chooseLogisticHead, logisticHeadSchema } from './head.js';
import { sigmoid } from './softplus.js';

const head = logisticHeadSchema.parse(chooseLogisticHead({}));

interface Scores {
  readonly auc: number;
  readonly logLoss: number;
}

function scoresOf({ rows, labels }: LabelledRows, weights: readonly number[]): Scores {
  const figures = classificationMetrics(
    rows.map((row) => sigmoid(dot(weights, row))),
    labels,
  );
  const { auc = NaN, logLoss = NaN } = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  return { auc, logLoss };
}

/** By round, how far AUC and log-loss on the test rows are from those of the exact fit; 3 of 5 subsets a round. */
function gapsOf(table: Table, seed: string, rounds: number): Scores[] {
  const { train, test } = trainAndTest(table, seed);
  const split = splitForLogistic(train, 5);
  const rows = labelledRows(test, split.template);
  const exact = scoresOf(rows, exactLogistic(labelledRows(train, split.template), head.lambda));
  return trainLogistic(split, head, randomDraws(rounds, 5, 3, seed)).map(({ state }) => {
    const { auc, logLoss } = scoresOf(rows, state.weights);
    return { auc: auc - exact.auc, logLoss: logLoss - exact.logLoss };
  });
}

const meanSize = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + Math.abs(value) / values.length, 0);

describe('Framingham, ten random splits, 3 of 5 skewed subsets a round', () => {
  it('comes within 0.001 of the exact fit in five rounds, on average and in eight too', () => {
    const table = framingham();
    const splits = Array.from({ length: 10 }, (_, place) => gapsOf(table, `split ${place + 1}`, 8));
    for (const round of [5, 8]) {
      const gaps = splits.map((rounds) => rounds[round - 1]!);
      expect(meanSize(gaps.map(({ auc }) => auc))).toBeLessThan(0.001);
      expect(meanSize(gaps.map(({ logLoss }) => logLoss))).toBeLessThan(0.001);
      for (const { auc, logLoss } of gaps) {
        expect(Math.abs(auc)).toBeLessThan(0.003);
        expect(Math.abs(logLoss)).toBeLessThan(0.003);
      }
    }
  }, 240_000);

  it('settles where all subsets are drawn in every round', () => {
    const { train } = trainAndTest(framingham(), 'all');
    const split = splitForLogistic(train, 5);
    const rounds = trainLogistic(split, head, randomDraws(15, 5, 5, 'all'));
    const { figures } = rounds.at(-1)!;
    expect(figures.step).toBeLessThan(0.01);
    expect(figures.gradientNorm).toBeLessThan(0.01 * rounds[0]!.figures.gradientNorm);
  }, 120_000);
});

/** Rows of normal columns around the mean of their class. */
function normalTable(rows: number, share: number, gap: number): Table {
  const drbg = new Drbg(Buffer.from(`normal ${rows} ${share} ${gap}`));
  const uniform = (): number => (drbg.below(2 ** 32) + 0.5) / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const features = 6;
  const targets = Float64Array.from({ length: rows }, () => (uniform() < share ? 1 : 0));
  const values = Float64Array.from({ length: rows * features }, (_, place) => {
    const label = targets[Math.floor(place / features)]!;
    const value = normal() + (place % features < 3 ? gap * label : 0);
    // One column with a long tail.
    return place % features === 1 ? Math.exp(value / 2) : value;
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'normal', target: 'y', columns, rows, features, values, targets };
}

describe('other tables', () => {
  it('of which 1 % of the rows are of one class are learnt', () => {
    const gaps = gapsOf(normalTable(8000, 0.01, 1), 'rare', 6).at(-1)!;
    expect(gaps.auc).toBeGreaterThan(-0.02);
    expect(gaps.logLoss).toBeLessThan(0.003);
  });

  it('that can almost be separated end with the right ranking', () => {
    const gaps = gapsOf(normalTable(600, 0.6, 2.5), 'separable', 12).at(-1)!;
    expect(gaps.auc).toBeGreaterThan(-0.01);
    expect(gaps.logLoss).toBeLessThan(0.03);
  });

  it('in which a subset has one class only are learnt: that subset has one normal law', () => {
    const table = normalTable(1200, 0.3, 1.5);
    const rows = [...table.targets.keys()];
    // Every second row of class 0 makes a subset of its own.
    const alone = rows.filter((row) => row % 2 === 0 && table.targets[row] === 0);
    const others = rows.filter((row) => !alone.includes(row));
    const split = splitInto(table, [alone, others.slice(0, 400), others.slice(400)]);
    const data = labelledRows(table, split.template);
    const { state } = trainLogistic(split, head, randomDraws(8, 3, 2, 'one class')).at(-1)!;
    const exact = scoresOf(data, exactLogistic(data, head.lambda));
    const found = scoresOf(data, state.weights);
    expect(found.auc).toBeGreaterThan(exact.auc - 0.003);
    expect(found.logLoss).toBeLessThan(exact.logLoss + 0.006);
  });
});
