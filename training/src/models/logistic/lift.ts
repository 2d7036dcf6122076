import { pairCount } from '../../data/secondMoments.js';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { largest, scaled } from '../../optimisers/vectors.js';
import type { HostMap, SubsetShape } from '../family.js';
import type { LogisticHead } from './head.js';
import type { LogisticMoments } from './moments.js';

// What is a polynomial in the weights, hosts compute as one matrix times the monomials of the weights. The intercept is not
// among them: the set-up reply says all moments in which it would stand.

/** Products of two entries stay in the range that is encrypted. */
const LARGEST_ENTRY = Math.sqrt(LARGEST_WEIGHT);

/** Numbers of a query: the point, and for degree 2 the products of two of its entries. */
export function queryLength(features: number, degree: LogisticHead['degree']): number {
  return degree === 1 ? features : features + pairCount(features);
}

/** The point at which hosts are asked: the weights, or a multiple of them in which every monomial is in the range. */
export function askedPoint(weights: readonly number[]): number[] {
  const most = largest(weights);
  return scaled(most > LARGEST_ENTRY ? LARGEST_ENTRY / most : 1, weights);
}

/** The monomials of a point: its entries, then for degree 2 the products of entries i ≤ j, row by row. */
export function monomialsOf(point: readonly number[], degree: LogisticHead['degree']): number[] {
  if (degree === 1) return [...point];
  return [...point, ...point.flatMap((left, i) => point.slice(i).map((right) => left * right + 0))];
}

/**
 * A subset's map of the monomials of v: real parts E x·(v·x), imaginary parts E x·(v·x)², in units of {@link realUnit} and
 * {@link imaginaryUnit}, in which no query in the range makes a reply outside of its own.
 * @param most bound on a reply's numbers
 */
export function liftedMap(
  moments: LogisticMoments,
  { degree }: Pick<LogisticHead, 'degree'>,
  shape: SubsetShape,
  most = LARGEST_UPDATE,
): HostMap {
  const { features } = moments;
  const inputs = queryLength(features, degree);
  const matrix = new Float64Array(features * inputs);
  const unit = realUnit(shape, most);
  let place = 0;
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      const entry = moments.second[place++]! / unit;
      matrix[i * inputs + j] = entry;
      matrix[j * inputs + i] = entry;
    }
  }
  const map = { inputs, outputs: features, matrix, offset: new Float64Array(features) };
  return degree === 1
    ? map
    : { ...map, imaginary: imaginaryRows(moments, inputs, imaginaryUnit(moments, shape, most)) };
}

/** The matrix of E x·(v·x)² over the products of entries of v: a product of two different entries stands for both orders. */
function imaginaryRows({ features, third }: LogisticMoments, inputs: number, unit: number): Float64Array {
  const rows = new Float64Array(features * inputs);
  const put = (row: number, i: number, j: number, entry: number): void => {
    rows[row * inputs + features + pairPlace(features, i, j)] = i === j ? entry : 2 * entry;
  };
  forTriples(features, (i, j, k, place) => {
    const entry = third[place]! / unit;
    put(i, j, k, entry);
    put(j, i, k, entry);
    put(k, i, j, entry);
  });
  return rows;
}

/** Place of the pair i ≤ j. */
function pairPlace(features: number, i: number, j: number): number {
  return i * features - (i * (i - 1)) / 2 + j - i;
}

function forTriples(features: number, visit: (i: number, j: number, k: number, place: number) => void): void {
  let place = 0;
  for (let i = 0; i < features; i++)
    for (let j = i; j < features; j++) for (let k = j; k < features; k++) visit(i, j, k, place++);
}

/**
 * Unit of the real parts, a power of two that follows from what is public: no second moment of a standardised subset exceeds
 * totalRows / rows. 1 in all usual splits.
 */
export function realUnit({ features, rows, totalRows }: SubsetShape, most = LARGEST_UPDATE): number {
  return powerOfTwo((LARGEST_WEIGHT * features * totalRows) / rows / most);
}

/**
 * Unit of the imaginary parts, a power of two that follows from the rows, since third moments know no useful public bound. 1
 * but for tables with very long tails. The set-up reply tells it.
 *
 * In a batch all subsets need one unit, so that it follows from what is public there: Σ|E x[i]·x[j]·x[k]| over j and k is at most
 * max|x[i]| · E(Σ|x[j]|)², and no number of a standardised table exceeds √totalRows. 32 for 3,656 × 15 in two batches; third moments
 * keep so many times less precision.
 */
export function imaginaryUnit(
  { features, third }: LogisticMoments,
  shape: SubsetShape,
  most = LARGEST_UPDATE,
): number {
  if (shape.isSummed) {
    const { totalRows, rows } = shape;
    const largestSum = (Math.sqrt(totalRows) * features * features * totalRows) / rows;
    return powerOfTwo((LARGEST_WEIGHT * largestSum) / most);
  }
  const sums = new Float64Array(features);
  const add = (row: number, entry: number): void => void (sums[row]! += Math.abs(entry));
  // Every triple stands at most twice, with a factor of at most 2, in the row of each of its indices.
  forTriples(features, (i, j, k, place) => {
    for (const row of [i, j, k]) add(row, 2 * third[place]!);
  });
  return powerOfTwo((LARGEST_WEIGHT * largest([...sums])) / most);
}

/** The least power of two, 1 or more, that is not below a number. */
export function powerOfTwo(number: number): number {
  let power = 1;
  while (power < number) power *= 2;
  return power;
}
