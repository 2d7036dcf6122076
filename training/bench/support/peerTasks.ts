import { splitTable, type Table, type Template } from '@veritrain/training';
import { trainAndTest } from '../../src/testing/logistic.js';
import type { Result } from '../rows/benchmark.js';
import { encryptedDataRounds } from '../rows/encryptedData.js';
import { linearRounds } from '../rows/linear.js';
import { lambda } from '../rows/logistic.js';
import { share } from '../rows/common.js';
import type { Times } from './stopwatch.js';
import { diabetes, tutorialTable } from './tables.js';

/** What another library is to do, and our times for the same. */
export interface PeerTask {
  readonly name: string;
  /** Of `bench/peers/`. */
  readonly script: string;
  /** Python modules that the script needs, or without which its time would be unfair. */
  readonly modules: readonly string[];
  readonly options: readonly string[];
  /** Standardised rows, the target last. */
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly ours: Times;
  /** Its figure and ours, in words. */
  readonly metric: (theirs: number) => string;
}

type Rows = Pick<PeerTask, 'train' | 'test'>;
type Entry = Pick<PeerTask, 'name' | 'script' | 'modules'> & { readonly options?: readonly string[] };

/** The tasks that stand beside the rows that were measured. */
export function peerTasks(results: readonly Result[], framingham: Table | undefined): PeerTask[] {
  const find = (name: string): Result | undefined => results.find(({ benchmark }) => benchmark.name === name);
  const [linear, encryptedData] = [find('linear'), find('encrypted-data')];
  const [logistic, pass] = [find('logistic'), find('logistic-pass')];
  return [
    ...(pass === undefined ? [] : besidePass(pass, framingham)),
    ...(linear === undefined ? [] : besideLinear(linear)),
    ...(encryptedData === undefined ? [] : besideEncryptedData(encryptedData)),
    ...(logistic === undefined || framingham === undefined ? [] : besideLogistic(logistic, framingham)),
  ];
}

function besidePass(pass: Result, framingham: Table | undefined): PeerTask[] {
  const { train, test } = tutorialTable(framingham);
  const rows = standardised(train, test);
  const task = taskOf(rows, pass.encryptedTimes, (theirs) => auc(theirs, pass.encrypted));
  return [
    task({
      name: 'TenSEAL logistic, one epoch, 780 × 9',
      script: 'tenseal_logistic.py',
      modules: ['tenseal'],
    }),
  ];
}

function besideLinear(linear: Result): PeerTask[] {
  const table = diabetes();
  const { statistics } = templateOf(table);
  const rows = standardised(table, table, true);
  const variance = statistics.targetScale ** 2;
  const perRound = share(linear.encryptedTimes, linearRounds);
  const first = (theirs: number): string =>
    `MSE after it ${(theirs * variance).toFixed(1)}, ours after ${linearRounds} rounds ${linear.encrypted?.toFixed(1)}`;
  const whole = (theirs: number): string =>
    `MSE ${(theirs * variance).toFixed(4)}, ours ${linear.encrypted?.toFixed(4)}`;
  const round = taskOf(rows, perRound, first);
  const training = taskOf(rows, linear.encryptedTimes, whole);
  return [
    round({
      name: 'TenSEAL linear, one epoch, Diabetes, by our round',
      script: 'tenseal_linear.py',
      modules: ['tenseal'],
    }),
    round({
      name: 'phe, one iteration of DeltaML’s protocol, by our round',
      script: 'phe_linear.py',
      // Without gmpy2, phe takes some ten times as long.
      modules: ['phe', 'gmpy2'],
    }),
    training({
      name: 'scikit-learn, least squares in clear, Diabetes',
      script: 'scikit_linear.py',
      modules: ['sklearn'],
    }),
  ];
}

/** The one task in which both sides encrypt the rows. */
function besideEncryptedData(ours: Result): PeerTask[] {
  const table = diabetes();
  const variance = templateOf(table).statistics.targetScale ** 2;
  const metric = (theirs: number): string =>
    `MSE after it ${(theirs * variance).toFixed(1)}, ours after ${encryptedDataRounds} rounds ${ours.encrypted?.toFixed(1)}`;
  const task = taskOf(
    standardised(table, table, true),
    share(ours.encryptedTimes, encryptedDataRounds),
    metric,
  );
  return [
    task({
      name: 'TenSEAL linear, one epoch, Diabetes, by our round on encrypted data',
      script: 'tenseal_linear.py',
      modules: ['tenseal'],
    }),
  ];
}

function besideLogistic(logistic: Result, framingham: Table): PeerTask[] {
  const { train, test } = trainAndTest(framingham, 'split 1');
  const task = taskOf(
    standardised(train, test),
    logistic.encryptedTimes,
    (theirs) => `split 1: ${auc(theirs, logistic.byRun?.[0] ?? null)}`,
  );
  return [
    task({
      name: 'scikit-learn, logistic in clear, Framingham',
      script: 'scikit_logistic.py',
      modules: ['sklearn'],
      options: [String(lambda)],
    }),
  ];
}

function taskOf(rows: Rows, ours: Times, metric: PeerTask['metric']): (entry: Entry) => PeerTask {
  return ({ options = [], ...entry }) => ({ ...entry, options, ...rows, ours, metric });
}

function auc(theirs: number, ours: number | null): string {
  return `test AUC ${theirs.toFixed(4)}${ours === null ? '' : `, ours ${ours.toFixed(4)}`}`;
}

/** Rows in the units of the training rows; the target too where it is a number. */
function standardised(train: Table, test: Table, isTarget = false): Rows {
  const template = templateOf(train);
  return { train: rowsOf(train, template, isTarget), test: rowsOf(test, template, isTarget) };
}

function rowsOf(table: Table, { statistics, features }: Template, isTarget: boolean): number[][] {
  const { means, scales, targetMean, targetScale } = statistics;
  return Array.from(table.targets, (target, row) => [
    ...means.map((mean, j) => ((table.values[row * features + j] ?? NaN) - mean) / (scales[j] ?? NaN)),
    isTarget ? (target - targetMean) / targetScale : target,
  ]);
}

function templateOf(table: Table): Template {
  return splitTable(table, { subsets: 2, seed: Buffer.from('bench') }).template;
}
