import type { SecondMoments } from './secondMoments.js';
import type { Shard } from './split.js';

/** Neighbouring rows of a table or shard. */
export interface RowBlock {
  /** How many rows. */
  readonly rows: number;
  /** rows × (features + 1), row by row: the features, then the target. Whoever hands it out may use it again. */
  readonly cells: Float64Array;
}

/** Where a reader's rows go. */
export interface RowVisitor {
  /** Once, before the first rows. */
  begin(features: number): void;
  /** In the order of the package. Only a package that is read to its end is whole: until then nothing may come of them. */
  rows(block: RowBlock): void;
  /** The moments of a private dataset's subset, in place of rows. Visitors without it have use for rows alone. */
  moments?(moments: SecondMoments): void;
}

/** Most rows of a block: 264 kB at 32 features. Sums go row by row, so that no result depends on it. */
export const BLOCK_ROWS = 1024;

/** A shard's rows in blocks. */
export function* shardBlocks({ rows, features, values, targets }: Shard): Generator<RowBlock> {
  const width = features + 1;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - first);
    const cells = new Float64Array(count * width);
    for (let row = 0; row < count; row++) {
      cells.set(values.subarray((first + row) * features, (first + row + 1) * features), row * width);
      cells[row * width + features] = targets[first + row] ?? 0;
    }
    yield { rows: count, cells };
  }
}
