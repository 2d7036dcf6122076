import { readFileSync } from 'node:fs';
import { shardBlocks, type RowBlock } from '../data/rowBlock.js';
import { splitTable } from '../data/split.js';
import { parseTable, type Table } from '../data/table.js';
import type { Template } from '../data/template.js';
import { Drbg } from '../drbg.js';
import { applyImaginary, applyMap } from '../models/applyMap.js';
import type { ModelFamily, MomentSums, StepFigures, SubsetReply, SubsetShape } from '../models/family.js';
import type { LogisticHead } from '../models/logistic/head.js';
import { logistic } from '../models/logistic/index.js';
import { LogisticSums, type LogisticMoments } from '../models/logistic/moments.js';
import type { LogisticState } from '../models/logistic/state.js';
import type { LabelledRows } from './exactLogistic.js';
import { hardKinds, hardTable } from './hardTables.js';

/** Error of a reply, as of a decrypted one. */
export const NOISE = 2 ** -20;

const framinghamCsv = new URL('../../../../shared/data/framingham.csv', import.meta.url);

/** The rows of the Framingham table that have no empty cell: 3,656 × 15, `TenYearCHD` is 0 or 1. */
export function framingham(path: URL | string = framinghamCsv): Table {
  const text = readFileSync(path, 'utf8');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const whole = lines.filter((line) => line.split(',').every((cell) => cell !== '' && cell !== 'NA'));
  return parseTable([header, ...whole].join('\n'), { target: header.split(',').at(-1) ?? '' });
}

/** Some rows of a table. */
export function rowsOfTable(table: Table, rows: readonly number[]): Table {
  const { features } = table;
  return {
    ...table,
    rows: rows.length,
    values: Float64Array.from(
      rows.flatMap((row) => [...table.values.subarray(row * features, (row + 1) * features)]),
    ),
    targets: Float64Array.from(rows, (row) => table.targets[row]!),
  };
}

/** Kinds of tables of two classes that are hard to fit. */
export const binaryKinds = [...hardKinds, 'separable', 'noisy'] as const;

/** A table with a target of 0 and 1; the same for the same seed. Of the kinds of `hardTable`, its target above the mean is 1. */
export function binaryTable(kind: (typeof binaryKinds)[number], size: number, seed: number): Table {
  if (kind === 'separable' || kind === 'noisy') return scatteredTable(kind === 'separable', size, seed);
  const table = hardTable(kind, size, seed);
  const mean = table.targets.reduce((sum, target) => sum + target / table.rows, 0);
  return { ...table, targets: table.targets.map((target) => (target > mean ? 1 : 0)) };
}

/** Uniform columns: a gap lies between the classes, or the label is as good as random. */
function scatteredTable(isSeparable: boolean, features: number, seed: number): Table {
  const drbg = new Drbg(Buffer.from(`scattered/${seed}`));
  const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
  const rows = 120;
  const values = Float64Array.from({ length: rows * features }, uniform);
  const targets = Float64Array.from({ length: rows }, (_, row) => {
    const side = values[row * features]! + (isSeparable ? 0 : 2 * uniform());
    if (isSeparable) values[row * features] = side + Math.sign(side);
    return side > 0 ? 1 : 0;
  });
  const columns = Array.from({ length: features }, (_, j) => `x${j}`);
  return { source: 'scattered', target: 'y', columns, rows, features, values, targets };
}

/** Four fifths of a table's rows, drawn by a seed, and the others. */
export function trainAndTest(table: Table, seed: string): { train: Table; test: Table } {
  const order = Array.from({ length: table.rows }, (_, row) => row);
  new Drbg(Buffer.from(seed)).shuffle(order);
  const count = Math.floor(0.8 * table.rows);
  return { train: rowsOfTable(table, order.slice(0, count)), test: rowsOfTable(table, order.slice(count)) };
}

/** Rows in the units of a template, labels by the larger value of the target. */
export function labelledRows(table: Table, { statistics, features }: Template): LabelledRows {
  const { means, scales } = statistics;
  const positive = table.targets.reduce((most, target) => Math.max(most, target), -Infinity);
  return {
    rows: Array.from({ length: table.rows }, (_, row) => [
      ...means.map((mean, j) => (table.values[row * features + j]! - mean) / scales[j]!),
      1,
    ]),
    labels: Array.from(table.targets, (target) => (target === positive ? 1 : 0)),
  };
}

/** A table split for a logistic model. */
export interface LogisticSplit<Moments = LogisticMoments> {
  readonly template: Template;
  /** By subset. */
  readonly moments: readonly Moments[];
  readonly shapes: readonly SubsetShape[];
}

/** The sums of a subset of a dataset. */
export type SumsFor<Moments> = (template: Template) => MomentSums<Moments>;

const logisticSums: SumsFor<LogisticMoments> = () => new LogisticSums();

/** Splits a table by the project's rule, and sums its subsets. */
export const splitForLogistic = (table: Table, subsets: number): LogisticSplit =>
  splitFor(logisticSums, table, subsets);

/** The same for the sums of another family. */
export function splitFor<Moments>(
  sumsFor: SumsFor<Moments>,
  table: Table,
  subsets: number,
): LogisticSplit<Moments> {
  const { shards, template } = splitTable(table, { subsets, seed: Buffer.from('fixture') });
  return summed(sumsFor, template, shards.map(shardBlocks));
}

/** A table in the given parts, which the project's rule would not make. */
export const splitInto = (table: Table, parts: readonly (readonly number[])[]): LogisticSplit =>
  splitPartsFor(logisticSums, table, parts);

/** The same for the sums of another family. */
export function splitPartsFor<Moments>(
  sumsFor: SumsFor<Moments>,
  table: Table,
  parts: readonly (readonly number[])[],
): LogisticSplit<Moments> {
  const { template } = splitTable(table, { subsets: 2, seed: Buffer.from('fixture') });
  const { statistics } = template;
  const blocks = parts.map((rows): RowBlock[] => {
    const part = rowsOfTable(table, rows);
    const cells = labelledRows(part, template).rows.flatMap((row, place) => [
      ...row.slice(0, -1),
      (part.targets[place]! - statistics.targetMean) / statistics.targetScale,
    ]);
    return [{ rows: rows.length, cells: Float64Array.from(cells) }];
  });
  return summed(sumsFor, { ...template, subsetRows: parts.map(({ length }) => length) }, blocks);
}

function summed<Moments>(
  sumsFor: SumsFor<Moments>,
  template: Template,
  subsets: readonly Iterable<RowBlock>[],
): LogisticSplit<Moments> {
  const { features, rows: totalRows, subsetRows } = template;
  const moments = subsets.map((blocks) => {
    const sums = sumsFor(template);
    sums.begin(features);
    for (const block of blocks) sums.rows(block);
    return sums.moments();
  });
  return { template, moments, shapes: subsetRows.map((rows) => ({ rows, features, totalRows })) };
}

/** A random draw of subsets for each round. */
export function randomDraws(rounds: number, subsets: number, count: number, seed: string): number[][] {
  const drbg = new Drbg(Buffer.from(`draws ${seed}`));
  return Array.from({ length: rounds }, () => {
    const order = Array.from({ length: subsets }, (_, subset) => subset);
    drbg.shuffle(order);
    return order.slice(0, count);
  });
}

/** A round of a training in clear. */
export interface ClearRound<State> {
  readonly state: State;
  readonly figures: StepFigures;
}

export type LogisticRound = ClearRound<LogisticState>;

/** Trains in clear, as hosts and model owner would; replies carry the noise of encrypted ones. */
export const trainLogistic = (
  split: LogisticSplit,
  head: LogisticHead,
  draws: readonly (readonly number[])[],
  noise = NOISE,
): LogisticRound[] => trainFamily(logistic, split, head, draws, noise);

/** The same of any family. */
export function trainFamily<Head, Moments, State>(
  family: ModelFamily<Head, Moments, State>,
  { template, moments, shapes }: LogisticSplit<Moments>,
  head: Head,
  draws: readonly (readonly number[])[],
  noise = NOISE,
): ClearRound<State>[] {
  const drbg = new Drbg(Buffer.from('noise'));
  const noisy = (values: Float64Array): number[] =>
    Array.from(values, (value) => value + noise * (drbg.below(2 ** 32) / 2 ** 31 - 1) + 0);
  const maps = moments.map((of, subset) => family.hostMap(of, head, shapes[subset]!));
  const seen = new Set<number>();
  const rounds: ClearRound<State>[] = [];
  let state = family.firstState(template, head);
  for (const [round, drawn] of draws.entries()) {
    const query = Float64Array.from(family.query(state));
    const replies = drawn.map((subset): SubsetReply => {
      const map = maps[subset]!;
      const setup = seen.has(subset)
        ? {}
        : { setup: noisy(family.setup!.numbers(moments[subset]!, head, shapes[subset]!)) };
      seen.add(subset);
      return {
        subset,
        values: noisy(applyMap(map, query)),
        imaginary: noisy(applyImaginary(map, query)),
        ...setup,
      };
    });
    // As a checkpoint does, the state passes through JSON.
    const saved = JSON.parse(JSON.stringify(state)) as State;
    const stepped = family.step({ head, template, state: saved, rounds: round }, replies, noise);
    rounds.push(stepped);
    ({ state } = stepped);
  }
  return rounds;
}
