import { at } from '../numbers.js';
import { packageContent, type DataPackage } from '../data/package.js';

/** Second moments of a shard: all that squared loss needs of it, whatever the number of rows. */
export interface Gram {
  readonly features: number;
  /** XᵀX / rows, features × features, row-major. */
  readonly matrix: Float64Array;
  /** Xᵀy / rows. */
  readonly vector: Float64Array;
}

const cache = new WeakMap<DataPackage, Gram>();

/** Second moments of a package's rows, summed in the order of the rows; computed once per open package. */
export function gramOf(opened: DataPackage): Gram {
  const known = cache.get(opened);
  if (known !== undefined) return known;
  const gram = computeGram(opened);
  cache.set(opened, gram);
  return gram;
}

function computeGram(opened: DataPackage): Gram {
  const { rows, features } = opened;
  const { values, targets } = packageContent(opened);
  const sums = new Float64Array(features * features);
  const vector = new Float64Array(features);
  for (let row = 0; row < rows; row++) {
    const cells = values.subarray(row * features, (row + 1) * features);
    const target = at(targets, row);
    for (let i = 0; i < features; i++) {
      const value = at(cells, i);
      vector[i] = at(vector, i) + value * target;
      for (let j = 0; j <= i; j++) sums[i * features + j] = at(sums, i * features + j) + value * at(cells, j);
    }
  }
  const matrix = sums.map((_, place) => {
    const i = Math.floor(place / features);
    const j = place % features;
    return at(sums, Math.max(i, j) * features + Math.min(i, j)) / rows;
  });
  return { features, matrix, vector: vector.map((sum) => sum / rows) };
}
