// What differential privacy costs: logistic regression of degree 1 on the Framingham table (3,656 × 15) at several epsilons, and without
// noise, over random 80/20 splits, 5 subsets, 3 drawn a round, in clear, with the noise of encrypted replies. The bounds of columns are
// stated, and means and scales are paid for.
//   npm run bench:privacy -w @veritrain/training [-- --table framingham.csv --splits 10 --rounds 6 --epsilons 1,3,8]
import { parseArgs } from 'node:util';
import { pairCount } from '../src/data/secondMoments.js';
import { rowTableOf } from '../src/data/split.js';
import type { Table } from '../src/data/table.js';
import { chooseLogisticHead, logisticHeadSchema } from '../src/models/logistic/head.js';
import { splitPrivately } from '../src/privacy/privateSplit.js';
import { exactLogistic } from '../src/testing/exactLogistic.js';
import {
  framingham,
  labelledRows,
  randomDraws,
  splitForLogistic,
  trainAndTest,
  trainLogistic,
  type LogisticSplit,
} from '../src/testing/logistic.js';
import { scores } from './support/scores.js';

const { values: options } = parseArgs({
  options: {
    // npm runs a script in the folder of its package.
    table: { type: 'string', default: '../../shared/data/framingham.csv' },
    rounds: { type: 'string', default: '6' },
    splits: { type: 'string', default: '10' },
    epsilons: { type: 'string', default: '1,3,8' },
    clip: { type: 'string' },
    lambda: { type: 'string', default: '0.01' },
  },
});
const subsets = 5;
const head = logisticHeadSchema.parse(chooseLogisticHead({ lambda: Number(options.lambda), degree: 1 }));
const epsilons = [...options.epsilons.split(',').map(Number), Infinity];

/** What a doctor knows of the columns without the rows. All others are 0 or 1. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  age: [18, 100],
  education: [1, 4],
  cigsPerDay: [0, 60],
  totChol: [100, 500],
  sysBP: [80, 250],
  diaBP: [40, 150],
  BMI: [15, 50],
  heartRate: [40, 150],
  glucose: [40, 400],
};

function privateSplit(table: Table, epsilon: number, seed: string): LogisticSplit {
  const names = [...table.columns, table.target];
  const bounds = Object.fromEntries(names.map((name) => [name, ranges[name] ?? ([0, 1] as const)]));
  const clip = options.clip === undefined ? undefined : Number(options.clip);
  const { template, moments } = splitPrivately(rowTableOf(table), {
    subsets,
    privacy: { epsilon, bounds, clip },
    seed: Buffer.from(seed),
  });
  const { features, rows: totalRows, subsetRows } = template;
  if (moments.some(({ second }) => second.length !== pairCount(features))) throw new Error('other moments');
  return {
    template,
    moments: moments.map((of) => ({ ...of, third: new Float64Array(0) })),
    shapes: subsetRows.map((rows) => ({ rows, features, totalRows })),
  };
}

const table = framingham(options.table);
const parts = Array.from({ length: Number(options.splits) }, (_, index) => ({
  name: `split ${index + 1}`,
  ...trainAndTest(table, `split ${index + 1}`),
}));
for (const epsilon of epsilons) {
  const found = parts.map(({ name, train, test }) => {
    const data = epsilon === Infinity ? splitForLogistic(train, subsets) : privateSplit(train, epsilon, name);
    const rounds = trainLogistic(data, head, randomDraws(Number(options.rounds), subsets, 3, name));
    return scores(labelledRows(test, data.template), rounds.at(-1)?.state.weights ?? []);
  });
  report(epsilon === Infinity ? 'none' : String(epsilon), found);
}
report(
  'exact',
  parts.map(({ train, test }) => {
    const { template } = splitForLogistic(train, subsets);
    return scores(labelledRows(test, template), exactLogistic(labelledRows(train, template), head.lambda));
  }),
);

function report(name: string, found: readonly { readonly auc: number; readonly logLoss: number }[]): void {
  const text = (of: 'auc' | 'logLoss'): string => {
    const values = found.map((one) => one[of]);
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return `${mean.toFixed(4)} (${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)})`;
  };
  process.stdout.write(`epsilon ${name.padEnd(5)}  test AUC ${text('auc')}  log-loss ${text('logLoss')}\n`);
}
