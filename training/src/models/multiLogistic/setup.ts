import { LARGEST_COEFFICIENT } from '../../he/ckks/parameters.js';
import type { SubsetShape } from '../family.js';
import { imaginaryUnit, powerOfTwo } from '../logistic/lift.js';
import { pairCount } from '../../data/secondMoments.js';
import { doublings, squareOf } from '../logistic/setup.js';
import { boundedShape } from './map.js';
import type { MultiLogisticMoments } from './moments.js';

/** What a set-up reply tells of one class. */
export interface ClassSetup {
  /** Of the subset's rows. */
  readonly share: number;
  /** E of x in rows of the class and 0 in others. */
  readonly products: readonly number[];
}

/** What a set-up reply tells of a subset. */
export interface MultiLogisticSetup {
  /** E x·xᵀ, features × features, row-major. */
  readonly second: readonly number[];
  /** E x. */
  readonly means: readonly number[];
  readonly classes: readonly ClassSetup[];
  /** See `imaginaryUnit`. */
  readonly imaginaryUnit: number;
}

/** Numbers of a set-up reply. */
export function setupLength(features: number, classes: number): number {
  return pairCount(features) + features + classes * (features + 1) + 1;
}

/**
 * A subset's set-up reply: second moments (i ≤ j, row by row) and means once, what each class has of the features, the shares of the
 * classes, log2 of the unit of third moments. The moments come in a public unit in which none leaves the range of replies.
 */
export function setupOf(moments: MultiLogisticMoments, shape: SubsetShape): Float64Array {
  const { second, means, classProducts, shares } = moments;
  const unit = setupUnit(shape);
  const told = [...second, ...means, ...classProducts, ...shares].map((moment) => moment / unit);
  return Float64Array.of(
    ...told,
    doublings(imaginaryUnit(moments, boundedShape(shape), LARGEST_COEFFICIENT)),
  );
}

/** Reads {@link setupOf}'s numbers. */
export function readSetup(
  values: readonly number[],
  shape: SubsetShape,
  classes: number,
): MultiLogisticSetup {
  const { features } = shape;
  const unit = setupUnit(shape);
  const moments = values.map((value) => value * unit);
  const means = pairCount(features);
  const products = means + features;
  const shares = products + classes * features;
  return {
    second: squareOf(moments, features),
    means: moments.slice(means, products),
    classes: Array.from({ length: classes }, (_, place) => ({
      share: moments[shares + place]!,
      products: moments.slice(products + place * features, products + (place + 1) * features),
    })),
    imaginaryUnit: 2 ** Math.round(values[shares + classes]!),
  };
}

/** Unit of the moments in a set-up reply. */
export function setupUnit(shape: SubsetShape): number {
  const { rows, totalRows } = boundedShape(shape);
  return powerOfTwo(totalRows / rows / LARGEST_COEFFICIENT);
}
