// Logistic regression from moments against the exact fit, in clear, with the noise of encrypted replies: Framingham (3,656 × 15),
// ten random 80/20 splits, 5 subsets by the project's splitting rule, 3 drawn at random each round. Then the moments of a large
// table.
//   npm run bench:logistic -w @veritrain/training [-- --table framingham.csv --rounds 8 --rows 1000000 --lambda 0.001]
import { parseArgs } from 'node:util';
import { BLOCK_ROWS } from '../src/data/rowBlock.js';
import { Drbg } from '../src/drbg.js';
import { chooseLogisticHead, logisticHeadSchema } from '../src/models/logistic/head.js';
import { LogisticSums } from '../src/models/logistic/moments.js';
import { exactLogistic } from '../src/testing/exactLogistic.js';
import {
  framingham,
  labelledRows,
  randomDraws,
  splitForLogistic,
  trainAndTest,
  trainLogistic,
} from '../src/testing/logistic.js';
import { scores } from './support/scores.js';

const { values: options } = parseArgs({
  options: {
    // npm runs a script in the folder of its package.
    table: { type: 'string', default: '../../shared/data/framingham.csv' },
    rounds: { type: 'string', default: '8' },
    splits: { type: 'string', default: '10' },
    drawn: { type: 'string', default: '3' },
    rows: { type: 'string', default: '1000000' },
    lambda: { type: 'string', default: '0.001' },
    degree: { type: 'string', default: '2' },
  },
});
const rounds = Number(options.rounds);
const head = logisticHeadSchema.parse(
  chooseLogisticHead({ lambda: Number(options.lambda), degree: Number(options.degree) as 1 | 2 }),
);

const gaps: { auc: number; logLoss: number }[][] = [];
const table = framingham(options.table);
for (let split = 1; split <= Number(options.splits); split++) {
  const { train, test } = trainAndTest(table, `split ${split}`);
  const data = splitForLogistic(train, 5);
  const started = performance.now();
  const trained = trainLogistic(data, head, randomDraws(rounds, 5, Number(options.drawn), `${split}`));
  const milliseconds = (performance.now() - started) / rounds;
  const rows = labelledRows(test, data.template);
  const exact = scores(rows, exactLogistic(labelledRows(train, data.template), head.lambda));
  const apart = trained.map(({ state }) => {
    const { auc, logLoss } = scores(rows, state.weights);
    return { auc: auc - exact.auc, logLoss: logLoss - exact.logLoss };
  });
  gaps.push(apart);
  const cells = apart.map(({ auc, logLoss }) => `${signed(auc)}/${signed(logLoss)}`);
  const exactly = `exact ${exact.auc.toFixed(4)}/${exact.logLoss.toFixed(4)}`;
  print(`split ${split}  ${exactly}  ${cells.join('  ')}  ${milliseconds.toFixed(0)} ms a round`);
}
for (let round = 0; round < rounds; round++) {
  const of = (name: 'auc' | 'logLoss') => gaps.map((split) => split[round]?.[name] ?? NaN);
  print(`round ${round + 1}  AUC ${summary(of('auc'))}  log-loss ${summary(of('logLoss'))}`);
}

const features = 15;
const cells = new Float64Array(BLOCK_ROWS * (features + 1));
const drbg = new Drbg(Buffer.from('rows'));
for (let place = 0; place < cells.length; place++) cells[place] = drbg.below(2 ** 32) / 2 ** 31 - 1;
const sums = new LogisticSums();
sums.begin(features);
const started = performance.now();
const startedCpu = process.cpuUsage();
for (let done = 0; done < Number(options.rows); done += BLOCK_ROWS) sums.rows({ rows: BLOCK_ROWS, cells });
sums.moments();
const seconds = (performance.now() - started) / 1000;
const cpuSeconds = process.cpuUsage(startedCpu).user / 1e6;
print(
  `moments of ${options.rows} × ${features}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of them computing`,
);

function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const meanSize = values.reduce((sum, value) => sum + Math.abs(value) / values.length, 0);
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return `mean ${signed(mean)}, mean size ${meanSize.toFixed(4)}, largest ${most.toFixed(4)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
