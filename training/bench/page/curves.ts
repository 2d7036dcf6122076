import { defineProgram, type Table } from '@veritrain/training';
import { randomDraws } from '../../src/testing/logistic.js';
import type { Settings } from '../rows/benchmark.js';
import { laterClasses, trainClasses } from '../rows/classes.js';
import { repeat, stepTimes } from '../rows/common.js';
import { trainOnSplit, type SplitRun } from '../rows/logistic.js';
import { logisticProgram, ShardFile } from '../rows/shards.js';
import { figureOf } from '../support/figures.js';
import { mean } from '../support/median.js';
import { allSubsets, packed, runBoth, type Both } from '../support/sideBySide.js';
import { twoClasses } from '../support/tables.js';
import type { Chart, Point } from './chart.js';

const rowCounts = [10_000, 30_000, 100_000, 300_000, 1_000_000];
const featureCounts = [4, 8, 16, 24, 32];
const classCounts = [3, 4, 6, 8, 12, 16];
const subsetCounts = [2, 4, 6, 8, 12, 16, 20];
const rounds = 8;

/** All curves of the page. @param progress told each before it is measured */
export async function measureCurves(
  { runs, framingham }: Settings,
  progress: (name: string) => void,
): Promise<Chart[]> {
  progress('time against rows');
  const charts = [await timeAgainstRows()];
  progress('time against features');
  charts.push(await timeAgainstFeatures(runs));
  progress('time against classes');
  charts.push(await timeAgainstClasses(runs));
  progress('time against owners');
  charts.push(await timeAgainstOwners(runs));
  if (framingham === undefined) return charts;
  progress('accuracy against rounds');
  return [...charts, ...(await accuracyAgainstRounds(framingham))];
}

async function timeAgainstRows(): Promise<Chart> {
  const points: Point[] = [];
  for (const rows of rowCounts) {
    const file = new ShardFile(rows, 15);
    try {
      await file.write();
      for (const protection of ['encrypted', 'plain'] as const) {
        const { times, later } = await file.run(logisticProgram(protection));
        points.push({ x: rows, y: times.cpuSeconds, series: `first round, ${protection}` });
        points.push({ x: rows, y: later.cpuSeconds, series: `later round, ${protection}` });
      }
    } finally {
      file.remove();
    }
  }
  return {
    name: 'rows',
    title: 'Logistic model, 15 features: one subset’s round against its rows',
    x: 'rows of the subset',
    y: 'processor seconds',
    points,
    xScale: 'log',
    yScale: 'log',
  };
}

async function timeAgainstFeatures(runs: number): Promise<Chart> {
  const points: Point[] = [];
  const subsets = 5;
  const drawn = 3;
  for (const features of featureCounts) {
    const data = packed(twoClasses(2000, features), subsets);
    for (const family of ['linear', 'logistic'] as const) {
      const all = await repeat(runs, (run) => {
        const draws = randomDraws(rounds, subsets, drawn, `${run}`);
        return runBoth({ program: defineProgram({ family }), ...data, draws });
      });
      points.push(...bothSides(features, family, (side) => perSubset(all, side, drawn)));
    }
  }
  return {
    name: 'features',
    title: 'One subset’s share of a round against features, 2,000 rows in 5 subsets',
    x: 'features',
    y: 'processor milliseconds',
    points,
  };
}

async function timeAgainstClasses(runs: number): Promise<Chart> {
  const points: Point[] = [];
  for (const features of [16, 32]) {
    for (const classes of classCounts) {
      const all = await trainClasses({ features, classes }, runs);
      const secondsOf = (side: keyof Both): number => stepTimes(all, side, laterClasses).cpuSeconds;
      points.push(...bothSides(classes, `${features} features`, secondsOf));
    }
  }
  return {
    name: 'classes',
    title: 'One subset’s share of a round against classes, one against the rest, 2,000 rows in 5 subsets',
    x: 'classes',
    y: 'processor milliseconds',
    points,
  };
}

async function timeAgainstOwners(runs: number): Promise<Chart> {
  const points: Point[] = [];
  for (const subsets of subsetCounts) {
    const drawn = subsets / 2;
    const data = packed(twoClasses(4000, 16), subsets);
    for (const family of ['linear', 'logistic'] as const) {
      const all = await repeat(runs, (run) => {
        // Enough for each subset to have sent its set-up before the later half.
        const draws = [...allSubsets(1, subsets), ...randomDraws(rounds - 1, subsets, drawn, `${run}`)];
        return runBoth({ program: defineProgram({ family }), ...data, draws });
      });
      points.push(...bothSides(subsets, family, (side) => perSubset(all, side, 1)));
    }
  }
  return {
    name: 'owners',
    title: 'A whole round against owners with a subset each, half of them drawn, 4,000 rows, 16 features',
    x: 'owners',
    y: 'processor milliseconds of all members',
    points,
  };
}

/** A point of the encrypted and one of the clear side, in milliseconds. */
const bothSides = (x: number, name: string, secondsOf: (side: keyof Both) => number): Point[] =>
  (['encrypted', 'plain'] as const).map((side) => ({
    x,
    y: 1000 * secondsOf(side),
    series: `${name}, ${side}`,
  }));

function perSubset(all: readonly Both[], side: keyof Both, drawn: number): number {
  // The later half: no set-up is owed then.
  return stepTimes(all, side, { after: rounds / 2, drawn }).cpuSeconds;
}

async function accuracyAgainstRounds(table: Table): Promise<Chart[]> {
  const splits = await repeat(5, (index) => trainOnSplit(table, `split ${index + 1}`, rounds));
  const figures = [
    ['auc', 'auc', 'test AUC'],
    ['logLoss', 'log-loss', 'test log-loss'],
  ] as const;
  return figures.map(([name, file, y]) => ({
    name: file,
    title: `Framingham, 3 of 5 skewed subsets a round: ${y}, mean of 5 splits`,
    x: 'round',
    y,
    points: Array.from({ length: rounds }, (_, round) => [
      { x: round + 1, y: meanFigure(splits, name, 'encrypted', round), series: 'encrypted' },
      { x: round + 1, y: meanFigure(splits, name, 'plain', round), series: 'clear twin' },
      { x: round + 1, y: mean(splits.map(({ exact }) => exact[name])), series: 'exact fit of all rows' },
    ]).flat(),
    yScale: 'near' as const,
    isBroad: true,
  }));
}

function meanFigure(
  splits: readonly SplitRun[],
  name: 'auc' | 'logLoss',
  side: keyof Both,
  round: number,
): number {
  return mean(splits.map((split) => figureOf(name, split.test, split[side].models[round])));
}
