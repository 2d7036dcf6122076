import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  defineProgram,
  encodePackage,
  firstModel,
  lossOf,
  parseTable,
  splitTable,
  type Table,
  type Template,
  type TrainedResult,
} from '@veritrain/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetHome } from '@veritrain/member/home';
import { builtInTable } from './prepare.js';
import { lossesOf, trainTwin } from './twin.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-twin-'));
const dataset = new DatasetHome(folder);
const subsets = 3;
let table: Table;
let template: Template;

beforeAll(() => {
  table = parseTable(readFileSync(builtInTable, 'utf8'), { source: 'diabetes.csv' });
  const split = splitTable(table, { subsets, seed: new Uint8Array(32).fill(7) });
  ({ template } = split);
  for (const shard of split.shards) {
    const path = dataset.packagePath(shard.subset);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(shard.subset) }),
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the plain twin', () => {
  it('trains in clear by the recorded draws, down to the error of least squares', async () => {
    const used = [[0, 1], [0, 2], [1, 2], [], [0, 1], [1, 2], [0, 2], [0, 1]];
    const rounds = await trainTwin({ program: defineProgram(), template, dataset, subsets, used });
    expect(rounds).toHaveLength(used.length);
    expect(rounds[3]).toEqual(rounds[2]);
    const losses = lossesOf(table, firstModel(defineProgram(), template), rounds, rounds);
    expect(lossOf(table, rounds[0]!).name).toBe('mse');
    expect(losses[0]).toMatchObject({ round: 0 });
    expect(losses[0]?.plain).toBeCloseTo(5929.88, 1);
    expect(losses.at(-1)?.plain).toBeLessThan(2900);
  });

  it('gives another model for other draws', async () => {
    const train = (used: number[][]): Promise<readonly TrainedResult[]> =>
      trainTwin({ program: defineProgram(), template, dataset, subsets, used });
    const [one, other] = [await train([[0, 1]]), await train([[1, 2]])];
    expect(one).not.toEqual(other);
    expect(await train([[0, 1]])).toEqual(one);
  });
});

describe('lossesOf', () => {
  it('shows a long run by some of its rounds, the last among them', () => {
    const constant = (intercept: number): TrainedResult => ({
      family: 'linear',
      parameters: { weights: Array.from({ length: table.features }, () => 0), intercept },
    });
    const models = Array.from({ length: 1001 }, (_, round) => constant(round));
    const losses = lossesOf(table, constant(0), models, models);
    expect(losses.length).toBeLessThan(305);
    const { value } = lossOf(table, constant(1000));
    expect(losses.at(-1)).toEqual({ round: 1001, encrypted: value, plain: value });
  });
});
