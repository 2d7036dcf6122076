import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DemoObject, DemoRun, diabetes, type Ended } from './support.js';

const runs: DemoRun[] = [];

function demo(...args: string[]): DemoRun {
  const run = new DemoRun(...args);
  runs.push(run);
  return run;
}

async function demoObject(...args: string[]): Promise<DemoObject & Ended> {
  const ended = await demo(...args, '--format', 'json').ended();
  if (ended.status !== 0) throw new Error(ended.stderr + ended.stdout);
  return { ...(JSON.parse(ended.stdout) as DemoObject), ...ended };
}

afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.clear()));
});

/** The table as a program that knows nothing of ours would read it. */
function readDiabetes(): { rows: number[][]; targets: number[] } {
  const records = readFileSync(diabetes, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  return {
    rows: records.map((record) => record.slice(0, -1)),
    targets: records.map((record) => record.at(-1) ?? 0),
  };
}

function meanSquaredError({ parameters: { weights, intercept } }: DemoObject['model']): number {
  const { rows, targets } = readDiabetes();
  const errors = rows.map((row, index) => {
    const predicted = row.reduce((sum, value, column) => sum + value * (weights[column] ?? 0), intercept);
    return (predicted - (targets[index] ?? 0)) ** 2;
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Least squares over the whole table in clear: no training by rounds can do better. */
const leastSquaresError = 2859.6963;

const rounds = 10;
/** Every row is trained on, so that a figure can be computed from the table. */
const seeded = ['--seed', '7', '--rounds', rounds.toString(), '--test-share', '0'];

describe('the demo on the Diabetes table, from a seed', () => {
  let first: DemoObject & Ended;
  let reportText: string;

  beforeAll(async () => {
    const run = new DemoRun(...seeded, '--format', 'json');
    const ended = await run.ended();
    if (ended.status !== 0) throw new Error(ended.stderr);
    first = { ...(JSON.parse(ended.stdout) as DemoObject), ...ended };
    reportText = readFileSync(first.report, 'utf8');
    expect(run.leftovers()).toEqual([]);
    await run.clear();
  }, 400_000);

  it('prints exactly one object of the promised form', () => {
    expect(first.stdout.trim().split('\n')).toHaveLength(1);
    const object = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(object).toEqual({
      schemaVersion: 2,
      outcome: 'completed',
      data: { rows: 442, testRows: 0, features: 10, subsets: 3, replicas: 3, aggregation: 'perSubset' },
      privacy: null,
      rounds,
      task: 'regression',
      family: 'linear',
      metrics: ['mse', 'rmse', 'mae', 'r2'].map((name) => ({
        name,
        split: 'train',
        encrypted: expect.any(Number) as number,
        plain: expect.any(Number) as number,
        gap: expect.any(Number) as number,
      })),
      precisionBits: expect.any(Number),
      steps: { boundRounds: 0, refusedSteps: expect.any(Number) },
      roundFigures: Array.from({ length: rounds }, (_, index) => ({
        round: index + 1,
        metrics: expect.any(Array) as unknown[],
        gradientNorm: expect.any(Number) as number,
        stepRefused: expect.any(Boolean) as boolean,
        boundActive: false,
        precisionBits: expect.any(Number) as number,
      })),
      model: {
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        family: 'linear',
        features: Array.from({ length: 10 }, () => expect.any(String) as string),
        parameters: {
          weights: Array.from({ length: 10 }, () => expect.any(Number) as number),
          intercept: expect.any(Number),
        },
        path: null,
      },
      jobs: { agreed: expect.any(Number), dissented: expect.any(Number), absent: expect.any(Number) },
      liar: {
        instances: expect.any(Array),
        participant: expect.stringMatching(/^pt_/),
        verdict: 'dissented',
        rounds: expect.any(Number),
      },
      draws: expect.any(Array),
      seconds: { total: expect.any(Number), training: expect.any(Number), ledger: expect.any(Number) },
      ledger: { kind: 'embedded', transactions: expect.any(Number), blocks: expect.any(Number) },
      trafficBytes: expect.any(Number),
      report: expect.stringMatching(/report\.html$/),
    });
  });

  it('trains a model that predicts the target from the input columns, as well as plain training', () => {
    const { metrics, model, precisionBits } = first;
    const [metric] = metrics as [DemoObject['metrics'][number]];
    expect(meanSquaredError(model)).toBeCloseTo(metric.encrypted, 6);
    expect(metric.gap).toBe(Math.abs(metric.encrypted - metric.plain));
    expect(metric.gap).toBeLessThan(0.1);
    expect(metric.encrypted).toBeGreaterThan(leastSquaresError - 0.01);
    expect(metric.encrypted).toBeLessThan(leastSquaresError * 1.01);
    expect(precisionBits).toBeGreaterThan(10);
  });

  it('draws two of three subsets each round, and all of them before one comes again', () => {
    expect(first.draws).toHaveLength(rounds);
    for (const drawn of first.draws) expect(new Set(drawn).size).toBe(2);
    const [one, two] = first.draws;
    expect(new Set([...(one ?? []), ...(two ?? [])]).size).toBe(3);
  });

  it('judges every job: the liar dissents wherever it was drawn, everybody else agrees', () => {
    const { jobs, liar, draws } = first;
    expect(jobs).toEqual({ agreed: 4 * rounds, dissented: 2 * rounds, absent: 0 });
    expect(liar?.instances).toHaveLength(3);
    expect(new Set(liar?.instances.map((id) => id.split('_')[2])).size).toBe(3);
    expect(liar?.rounds).toBe(draws.length);
  });

  it('tells of it in at most 40 lines, and draws a report that fetches nothing', () => {
    expect(first.stderr.trim().split('\n').length).toBeLessThanOrEqual(27);
    expect(first.stderr).toMatch(/caught +host-4/);
    expect(reportText).toMatch(/^<!doctype html>/);
    expect(reportText.match(/<svg /g)).toHaveLength(3);
    expect(reportText).not.toMatch(/<script|\bsrc=/);
  });

  it('comes to the same when it is run again, though an agent and the ledger are killed on the way', async () => {
    const run = demo(...seeded, '--format', 'json');
    await run.told(/round +2 of 10/);
    const victim = run.processes().find(({ command }) => /agent run .*profiles\/host-2/.test(command));
    process.kill(victim?.id ?? 0, 'SIGKILL');
    await run.told(/host-2 died \(SIGKILL\) and is started again/);
    await run.told(/round +6 of 10/);
    const ledger = run.processes().find(({ command }) => /embedded-ledger\S*cli\.js/.test(command));
    process.kill(ledger?.id ?? 0, 'SIGKILL');
    await run.told(/the ledger died \(SIGKILL\) and is started again/);
    const { status, stdout, stderr } = await run.ended();
    expect(stderr).not.toMatch(/VT\d{4}/);
    expect(status).toBe(0);
    const { metrics, precisionBits, model, jobs, liar, draws } = JSON.parse(stdout) as DemoObject;
    const again = { metrics, precisionBits, model, jobs, liar, draws };
    const before = {
      metrics: first.metrics,
      precisionBits: first.precisionBits,
      model: first.model,
      jobs: first.jobs,
      liar: first.liar,
      draws: first.draws,
    };
    expect(again).toEqual(before);
  }, 400_000);
});

/** A table of `rows` rows: y = 3a − 2b + noise, in other units. */
function smallTable(folder: string, rows: number): string {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [random() * 1000, random() / 100];
    return `${a},${3 * a - 200_000 * b + random()},${b}`;
  });
  const path = join(folder, 'small table.csv');
  writeFileSync(path, `"a, in m",y,b\n${lines.join('\n')}\n`);
  return path;
}

describe('the demo on other tables', () => {
  it('runs with one replica, where nobody can be convicted, and draws anew without a seed', async () => {
    const holder = demo('--help');
    const args = [
      '--data',
      smallTable(holder.folder, 36),
      '--target',
      'y',
      '--replicas',
      '1',
      '--rounds',
      '12',
    ];
    const one = await demoObject(...args);
    const other = await demoObject(...args);
    for (const { liar, jobs, data, rounds, stderr, metrics } of [one, other]) {
      expect(data).toEqual({
        rows: 36,
        testRows: 0,
        features: 2,
        aggregation: 'perSubset',
        subsets: 3,
        replicas: 1,
      });
      expect([rounds, liar]).toEqual([12, null]);
      expect(jobs).toEqual({ agreed: 24, dissented: 0, absent: 0 });
      expect(stderr).toMatch(/Nobody was told to lie: with one replica/);
      const [{ gap, plain }] = metrics as [DemoObject['metrics'][number]];
      expect(gap / plain).toBeLessThan(1e-3);
    }
    const indexes = ({ draws }: DemoObject): string =>
      JSON.stringify(draws.map((ids) => ids.map((id) => id.split('_')[2])));
    expect(indexes(one)).not.toBe(indexes(other));
    expect(one.model.digest).not.toBe(other.model.digest);
  }, 400_000);

  it('learns a target of two texts from a table with categories and gaps, and tests it on rows that no host gets', async () => {
    const holder = demo('--help');
    const lines = readDiabetes().rows.map((row, index) => [
      index % 9 === 4 ? '' : (row[0] ?? 0),
      row[1] === 1 ? 'female' : 'male',
      ...row.slice(2),
      index % 3 === 0 || (row[2] ?? 0) > 28 ? 'ill' : 'well',
    ]);
    const path = join(holder.folder, 'classes.csv');
    const names = Array.from({ length: 10 }, (_, column) => `x${column}`);
    writeFileSync(path, `${[...names, 'y'].join(',')}\n${lines.map((line) => line.join(',')).join('\n')}\n`);
    const { task, family, data, metrics, model, liar, report, stderr } = await demoObject(
      ...['--data', path, '--target', 'y', '--rounds', '4'],
    );
    expect([task, family, model.family]).toEqual(['classification', 'logistic', 'logistic']);
    expect(liar?.verdict).toBe('dissented');
    expect(data.rows + data.testRows).toBe(442);
    expect(data.testRows).toBe(88);
    expect(model.features.slice(0, 3)).toEqual(['x0', 'x0 is missing', 'x1 = male']);
    expect(stderr).toMatch(/x0: \d+ missing values read as \d+/);
    for (const split of ['train', 'test']) {
      const ofSplit = metrics.filter((metric) => metric.split === split);
      expect(ofSplit.map(({ name }) => name)).toEqual(['logLoss', 'brier', 'auc', 'accuracy', 'f1']);
      expect(ofSplit.find(({ name }) => name === 'auc')?.encrypted).toBeGreaterThan(0.6);
      for (const { gap } of ofSplit.slice(0, 3)) expect(gap).toBeLessThan(1e-3);
    }
    expect(readFileSync(report, 'utf8').match(/<svg /g)).toHaveLength(7);
  }, 400_000);

  it('runs with two replicas and two subsets, says so in text, and writes the report where it is told', async () => {
    const holder = demo('--help');
    const report = join(holder.folder, 'my report.html');
    const table = smallTable(holder.folder, 30);
    const { status, stdout, stderr } = await demo(
      ...[
        '--data',
        table,
        '--target',
        'y',
        '--subsets',
        '2',
        '--replicas',
        '2',
        '--rounds',
        '2',
        '--report',
        report,
      ],
    ).ended();
    expect(stderr).not.toMatch(/VT\d{4}/);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Lying host +none: two replicas that differ/);
    expect(stdout).toMatch(/Jobs +4 agreed, 0 dissented, 0 absent/);
    expect(stdout.split('\n').length + stderr.split('\n').length).toBeLessThanOrEqual(40);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(existsSync(report)).toBe(true);
  }, 120_000);
});
