import { TrainingError } from '../errors.js';
import { BLOCK_ROWS, type RowBlock } from './rowBlock.js';
import type { RowTable } from './rowTable.js';
import type { Template } from './template.js';
import type { Pieces } from '../work.js';
import type { Passed } from './passes.js';

/** What a subset contributes to the statistics: no row leaves it. */
export interface SubsetSums {
  readonly rows: number;
  /** Mean of each column, the target last. */
  readonly means: Float64Array;
  /** Sum of squared differences from the subset's mean, the target last. */
  readonly squares: Float64Array;
}

/** Two passes over a subset's rows, in their order. */
export function* sumSubset(table: RowTable, rows: Uint32Array, passed: Passed): Pieces<SubsetSums> {
  const cells = new Float64Array(table.features + 1);
  const pass = { table, rows, cells, passed };
  const totals = yield* sumRows(pass, (sums) => {
    for (let column = 0; column < cells.length; column++) sums[column]! += cells[column]!;
  });
  const means = totals.map((sum) => sum / rows.length);
  const squares = yield* sumRows(pass, (sums) => {
    for (let column = 0; column < cells.length; column++) {
      const apart = cells[column]! - means[column]!;
      sums[column]! += apart * apart;
    }
  });
  return { rows: rows.length, means, squares };
}

interface RowPass {
  readonly table: RowTable;
  readonly rows: Uint32Array;
  /** A row at a time. */
  readonly cells: Float64Array;
  readonly passed: Passed;
}

function* sumRows(
  { table, rows, cells, passed }: RowPass,
  add: (sums: Float64Array) => void,
): Pieces<Float64Array> {
  const sums = new Float64Array(cells.length);
  for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
    const block = rows.subarray(first, first + BLOCK_ROWS);
    for (const row of block) {
      table.read(row, cells);
      add(sums);
    }
    yield passed(block.length);
  }
  return sums;
}

/** A subset's rows in standardised units, in blocks. */
export function* standardisedBlocks(
  table: RowTable,
  rows: Uint32Array,
  { means, scales, targetMean, targetScale }: Template['statistics'],
): Generator<RowBlock> {
  const width = table.features + 1;
  const centres = [...means, targetMean];
  const units = [...scales, targetScale];
  for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
    const part = rows.subarray(first, first + BLOCK_ROWS);
    const cells = new Float64Array(part.length * width);
    part.forEach((row, place) => {
      const own = cells.subarray(place * width, (place + 1) * width);
      table.read(row, own);
      for (let column = 0; column < width; column++)
        own[column] = (own[column]! - centres[column]!) / (units[column] ?? 1);
    });
    yield { rows: part.length, cells };
  }
}

/** Merges two subsets' sums (Chan, Golub and LeVeque 1979): stable, whatever the columns' means. */
function mergeSums(a: SubsetSums, b: SubsetSums): SubsetSums {
  const rows = a.rows + b.rows;
  const means = a.means.map((mean, column) => mean + (((b.means[column] ?? 0) - mean) * b.rows) / rows);
  const squares = a.squares.map((square, column) => {
    const apart = (b.means[column] ?? 0) - (a.means[column] ?? 0);
    return square + (b.squares[column] ?? 0) + (apart * apart * a.rows * b.rows) / rows;
  });
  return { rows, means, squares };
}

/** Means and population standard deviations of the whole table from the subsets' sums, merged in order. */
export function statisticsFromSums(sums: readonly SubsetSums[], table: RowTable): Template['statistics'] {
  const total = sums.reduce(mergeSums);
  const scales = total.squares.map((square) => Math.sqrt(square / total.rows));
  scales.forEach((scale, column) => {
    if (scale > 0) return;
    const name = column === table.features ? table.target : (table.columns[column] ?? '');
    const what = `${table.source}: column "${name}" varies too little to be told from a constant`;
    throw new TrainingError('VT7007', what, { source: table.source, column: name });
  });
  return {
    means: Array.from(total.means.subarray(0, table.features)),
    scales: Array.from(scales.subarray(0, table.features)),
    targetMean: total.means[table.features] ?? 0,
    targetScale: scales[table.features] ?? 0,
  };
}
