import { blocksOf, type RowTable } from '../data/rowTable.js';
import type { Template } from '../data/template.js';
import { bounded, type Domain } from './domain.js';
import type { GaussianNoise } from './noise.js';

/** The rarer of two classes counts as at least this part of all rows, so that no label is far out. */
const LEAST_SHARE = 0.01;

/**
 * How far a changed row moves the sums of t and t² over columns within −1 and 1: per column (t − t′)²·(1 + (t + t′)²), which is 4 at
 * most.
 */
export const statisticsSensitivity = (columns: number): number => 2 * Math.sqrt(columns);

/**
 * Means and standard deviations of the whole table with noise, each column in units of its bounds. A column that varies less than the
 * noise gets the noise for its scale.
 * @param deviation of the noise on a sum
 */
export function noisedStatistics(
  table: RowTable,
  domain: Domain,
  noise: GaussianNoise,
  deviation: number,
): Template['statistics'] {
  const { bounds, hasClasses } = domain;
  const { first, second } = sumsOf(table, domain);
  const floor = Math.max(deviation / table.rows, 1e-6);
  const columns = bounds.map(([least, largest], place) => {
    const half = (largest - least) / 2;
    const mean = Math.min(1, Math.max(-1, noise.around(first[place]!, deviation) / table.rows));
    const square = noise.around(second[place]!, deviation) / table.rows;
    const variance = Math.min(1, Math.max(floor, square - mean * mean));
    return { mean: least + half * (1 + mean), scale: half * Math.sqrt(variance) };
  });
  const target = columns.pop() ?? { mean: 0, scale: 1 };
  return {
    means: columns.map(({ mean }) => mean),
    scales: columns.map(({ scale }) => scale),
    ...(hasClasses ? classStatistics(target.mean, bounds.at(-1) ?? [0, 1]) : targetStatistics(target)),
  };
}

const targetStatistics = ({ mean, scale }: { mean: number; scale: number }) => ({
  targetMean: mean,
  targetScale: scale,
});

/** The variance of two values follows from their mean. */
function classStatistics(mean: number, [low, high]: readonly [number, number]) {
  const width = high - low;
  const share = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, (mean - low) / width));
  return { targetMean: low + share * width, targetScale: width * Math.sqrt(share * (1 - share)) };
}

function sumsOf(table: RowTable, { bounds }: Domain): { first: Float64Array; second: Float64Array } {
  const width = table.features + 1;
  const first = new Float64Array(width);
  const second = new Float64Array(width);
  const row = new Float64Array(width);
  for (const cells of blocksOf(table, width)) {
    for (let start = 0; start < cells.length; start += width) {
      row.set(cells.subarray(start, start + width));
      bounded(row, bounds);
      bounds.forEach(([least, largest], place) => {
        const t = (2 * (row[place]! - least)) / (largest - least) - 1;
        first[place]! += t;
        second[place]! += t * t;
      });
    }
  }
  return { first, second };
}
