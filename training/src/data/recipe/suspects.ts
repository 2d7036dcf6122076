import { blocksOf, type RowTable } from '../rowTable.js';
import type { RecipeNote } from './notes.js';

/** A feature with a larger correlation says the target nearly alone. */
const SAYS_TARGET = 0.995;

/** Features that number the rows, and those that may be made from the target. Two passes over the rows. */
export function suspectsOf(table: RowTable): RecipeNote[] {
  const { columns, features } = table;
  const sums = sumsOf(table);
  return columns.flatMap((column, feature): RecipeNote[] => {
    const correlation = sums.products[feature]! / Math.sqrt(sums.squares[feature]! * sums.squares[features]!);
    const notes: RecipeNote[] = [];
    if (sums.counts[feature] === 1) notes.push({ kind: 'countsRows', column });
    if (Math.abs(correlation) > SAYS_TARGET) notes.push({ kind: 'saysTarget', column, correlation });
    return notes;
  });
}

interface Sums {
  /** Squared differences from the mean; the target's last. */
  readonly squares: Float64Array;
  /** Products of a feature's and the target's differences from their means. */
  readonly products: Float64Array;
  /** 1 where each row's value is a whole number above the row's before. */
  readonly counts: Uint8Array;
}

function sumsOf(table: RowTable): Sums {
  const width = table.features + 1;
  const means = meansOf(table);
  const squares = new Float64Array(width);
  const products = new Float64Array(width);
  const counts = new Uint8Array(width).fill(1);
  const before = new Float64Array(width).fill(-Infinity);
  for (const cells of blocksOf(table, width)) {
    for (let start = 0; start < cells.length; start += width) {
      const target = cells[start + width - 1]! - means[width - 1]!;
      for (let column = 0; column < width; column++) {
        const value = cells[start + column]!;
        const apart = value - means[column]!;
        squares[column]! += apart * apart;
        products[column]! += apart * target;
        if (!Number.isInteger(value) || value <= before[column]!) counts[column] = 0;
        before[column] = value;
      }
    }
  }
  return { squares, products, counts };
}

function meansOf(table: RowTable): Float64Array {
  const width = table.features + 1;
  const means = new Float64Array(width);
  for (const cells of blocksOf(table, width)) {
    for (let cell = 0; cell < cells.length; cell++) means[cell % width]! += cells[cell]! / table.rows;
  }
  return means;
}
