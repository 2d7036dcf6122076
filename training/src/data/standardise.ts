import { TrainingError } from '../errors.js';
import type { Table } from './table.js';
import type { Template } from './template.js';

/** What a subset contributes to the statistics: no row leaves it. */
export interface SubsetSums {
  readonly rows: number;
  /** Mean of each column, the target last. */
  readonly means: Float64Array;
  /** Sum of squared differences from the subset's mean, the target last. */
  readonly squares: Float64Array;
}

/** Two passes over a subset's rows, in their order. */
export function sumSubset(table: Table, rows: Uint32Array): SubsetSums {
  const width = table.features + 1;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  const cell = (row: number, column: number): number =>
    column === table.features
      ? (table.targets[row] ?? 0)
      : (table.values[row * table.features + column] ?? 0);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (const row of rows) sum += cell(row, column);
    const mean = sum / rows.length;
    let square = 0;
    for (const row of rows) square += (cell(row, column) - mean) * (cell(row, column) - mean);
    means[column] = mean;
    squares[column] = square;
  }
  return { rows: rows.length, means, squares };
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
export function statisticsFromSums(sums: readonly SubsetSums[], table: Table): Template['statistics'] {
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
