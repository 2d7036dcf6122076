import { randomBytes } from 'node:crypto';
import { Drbg } from '../drbg.js';
import { hashParts } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { allAtOnce, inPieces, type Pieces, type WorkOptions } from '../work.js';
import { MIN_BATCH } from './batches.js';
import { countColumns, leastCellsOf } from './leastCells.js';
import { MAX_FEATURES, MAX_PACKAGE_CELLS, MIN_SUBSET_ROWS } from './limits.js';
import { countPairCells } from './pairCells.js';
import { rowPasses } from './passes.js';
import { shownMoments } from './shownMoments.js';
import { reportSplit, type SplitReport } from './splitReport.js';
import { planSplit, type SplitPlan } from './splitPlan.js';
import type { RowBlock } from './rowBlock.js';
import type { RowTable } from './rowTable.js';
import { standardisedBlocks, statisticsFromSums, sumSubset, type SubsetSums } from './standardise.js';
import type { Table } from './table.js';
import type { Template } from './template.js';

/** One subset's rows in standardised units: (value − mean) / scale, by the template's statistics. */
export interface Shard {
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** How many rows. */
  readonly rows: number;
  /** How many features. */
  readonly features: number;
  /** rows × features, row-major. */
  readonly values: Float64Array;
  /** The target of each row. */
  readonly targets: Float64Array;
}

/** Choices of {@link splitTable}. */
export interface SplitOptions {
  /** Number of subsets, 2 to rows / 10. */
  readonly subsets: number;
  /** Secret seed of the draw of rows; fresh random bytes when left out. */
  readonly seed?: Uint8Array;
  /** Where it is given, replies are added up over batches of subsets: see the template's. Needs three subsets. */
  readonly aggregation?: Template['aggregation'];
}

/** What {@link splitTable} gives. */
export interface SplitResult {
  /** The subsets, by index. */
  readonly shards: readonly Shard[];
  /** What the data owner sees of the split. */
  readonly report: SplitReport;
  /** The dataset's public facts. */
  readonly template: Template;
}

/** What {@link splitRows} gives. */
export interface RowSplit {
  /** What the data owner sees of the split. */
  readonly report: SplitReport;
  /** The dataset's public facts. */
  readonly template: Template;
  /** A subset's rows in standardised units, read while they are asked for. */
  readonly blocks: (subset: number) => Iterable<RowBlock>;
}

/**
 * Splits a table into subsets that each show a skewed part of it (OAM, section II.B): no subset holds both ends of
 * the value range, or a majority of one bin of values; each row lies in exactly one subset; sizes differ by at
 * most one. Where the target allows no such split (two values), bins are made from a feature, and the report says
 * so. The same table and seed give the same shards.
 * @throws TrainingError VT7101, VT7102, VT7007
 */
export function splitTable(table: Table, options: SplitOptions): SplitResult {
  const { report, template, blocks } = allAtOnce(splitInPieces(rowTableOf(table), options));
  const shards = template.subsetRows.map((rows, subset) =>
    shardOf(blocks(subset), subset, rows, table.features),
  );
  return { shards, report, template };
}

/**
 * The same for a table whose rows are not in memory: a few numbers for each row are, and a block of rows at a time. It says where it
 * stands, in rows that went by in all of its passes, and can be stopped.
 * @throws TrainingError VT7101, VT7102, VT7007, VT7511
 */
export async function splitRows(table: RowTable, options: SplitOptions & WorkOptions): Promise<RowSplit> {
  return inPieces(splitInPieces(table, options), options);
}

/** Sums are made in two passes, and cells counted in one each. */
const passesOver = ({ features }: RowTable): number => (features > MAX_FEATURES ? 3 : 4);

function* splitInPieces(table: RowTable, options: SplitOptions): Pieces<RowSplit> {
  const { subsets, seed = randomBytes(32), aggregation } = options;
  checkSubsets(table, subsets, aggregation);
  const drbg = new Drbg(hashParts('veritrain/split/1', seed));
  const plan = planSplit(table, subsets, drbg);
  const members = dealRows(plan, drbg);
  const passed = rowPasses(passesOver(table), table.rows);
  const sums: SubsetSums[] = [];
  for (const rows of members) sums.push(yield* sumSubset(table, rows, passed));
  const statistics = statisticsFromSums(sums, table);
  const template = { ...templateOf(table, members, statistics), ...(aggregation && { aggregation }) };
  const blocks = (subset: number): Iterable<RowBlock> =>
    standardisedBlocks(table, members[subset] ?? new Uint32Array(0), statistics);
  const counted = yield* countColumns(template, blocks, passed);
  const pairCells = yield* countPairCells(template, counted, blocks, passed);
  const report = reportSplit(table, plan, members, {
    leastCells: leastCellsOf(template, counted),
    pairCells,
    shown: shownMoments(template),
  });
  return { report, template, blocks };
}

/** The public facts of a table that is split. */
export function templateOf(
  { target, recipe, columns, rows, features }: Omit<RowTable, 'read'>,
  members: readonly Uint32Array[],
  statistics: Template['statistics'],
): Template {
  return {
    schemaVersion: 1,
    target,
    ...(recipe && { recipe }),
    columns: [...columns],
    rows,
    features,
    subsetRows: members.map(({ length }) => length),
    statistics,
  };
}

/** A table in memory, read as one that is not. */
export function rowTableOf(table: Table): RowTable {
  const { values, ...rest } = table;
  const { features, targets } = rest;
  const read = (first: number, cells: Float64Array): void => {
    for (let row = 0; row < cells.length / (features + 1); row++) {
      const from = (first + row) * features;
      cells.set(values.subarray(from, from + features), row * (features + 1));
      cells[row * (features + 1) + features] = targets[first + row] ?? 0;
    }
  };
  return { ...rest, read };
}

/** @throws TrainingError VT7101, VT7102 */
export function checkSubsets(
  table: Pick<RowTable, 'rows' | 'features'>,
  subsets: number,
  aggregation?: Template['aggregation'],
): void {
  const most = Math.floor(table.rows / MIN_SUBSET_ROWS);
  const fewest = aggregation === 'sum' ? MIN_BATCH : 2;
  if (!Number.isInteger(subsets) || subsets < fewest) {
    const why = aggregation === 'sum' ? ' whose replies are added up' : '';
    throw new TrainingError('VT7101', `cannot split into ${subsets} subsets${why}`, {
      subsets,
      least: fewest,
    });
  }
  const least = Math.ceil(table.rows / Math.floor(MAX_PACKAGE_CELLS / (table.features + 1)));
  if (subsets < least) {
    const what = `${table.rows} rows of ${table.features} features need at least ${least} subsets`;
    throw new TrainingError('VT7101', what, { rows: table.rows, subsets, least });
  }
  if (subsets > most) {
    const what = `${table.rows} rows cannot be split into ${subsets} subsets of ${MIN_SUBSET_ROWS} rows or more`;
    throw new TrainingError('VT7102', what, { rows: table.rows, subsets, most });
  }
}

/** Deals each bin's rows, shuffled, by the plan's counts; then shuffles each subset, so that order tells nothing. */
function dealRows(plan: SplitPlan, drbg: Drbg): Uint32Array[] {
  const members = plan.counts.map((bins) => new Uint32Array(bins.reduce((sum, count) => sum + count, 0)));
  const filled = members.map(() => 0);
  plan.bins.rows.forEach((binRows, bin) => {
    const rows = Uint32Array.from(binRows);
    drbg.shuffle(rows);
    let dealt = 0;
    members.forEach((member, subset) => {
      const count = plan.counts[subset]?.[bin] ?? 0;
      member.set(rows.subarray(dealt, dealt + count), filled[subset]);
      filled[subset] = (filled[subset] ?? 0) + count;
      dealt += count;
    });
  });
  members.forEach((member) => drbg.shuffle(member));
  return members;
}

function shardOf(blocks: Iterable<RowBlock>, subset: number, rows: number, features: number): Shard {
  const values = new Float64Array(rows * features);
  const targets = new Float64Array(rows);
  let first = 0;
  for (const { rows: count, cells } of blocks) {
    for (let row = 0; row < count; row++) {
      const start = row * (features + 1);
      values.set(cells.subarray(start, start + features), (first + row) * features);
      targets[first + row] = cells[start + features] ?? 0;
    }
    first += count;
  }
  return { subset, rows, features, values, targets };
}
