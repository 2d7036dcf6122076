import { LARGEST_COEFFICIENT } from '../../he/ckks/parameters.js';
import { LARGEST_FEATURE } from '../../maps/featureMap.js';
import type { HostMap } from '../family.js';
import type { RidgeHead } from './head.js';
import type { ClassMoments } from './moments.js';

/** Largest number of a query. Its vectors have length 1; clear queries of other sizes are refused. */
export const LARGEST_QUERY = 2;

/**
 * What a gradient is multiplied by in a reply: the most with which no shard's reply leaves the range of the encryption, whatever
 * its rows, for query vectors of length up to 1. Features are at most 8, so no eigenvalue of XᵀX/n exceeds 64·width, and no entry
 * of Xᵀy/n 8. Host and model owner both compute it.
 */
export function replyScale({ lambda }: Pick<RidgeHead, 'lambda'>, width: number): number {
  const curvature = LARGEST_FEATURE * LARGEST_FEATURE * width + lambda;
  return LARGEST_COEFFICIENT / (curvature + LARGEST_FEATURE);
}

/** The gradient of half the mean squared error and the penalty, scaled: (XᵀX/n + λI)·w − Xᵀy/n for each class. */
export function gradientMap({ width, matrix, vectors }: ClassMoments, head: RidgeHead): HostMap {
  const scale = replyScale(head, width);
  return {
    inputs: width,
    outputs: width,
    vectors: head.classes.length,
    matrix: matrix.map((entry, place) => scale * (entry + (place % (width + 1) === 0 ? head.lambda : 0))),
    offset: vectors.map((entry) => -scale * entry),
  };
}
