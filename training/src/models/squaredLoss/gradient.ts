import { LARGEST_COEFFICIENT } from '../../he/ckks/parameters.js';
import { LARGEST_FEATURE } from '../../maps/featureMap.js';
import type { HostMap, MessageShape } from '../family.js';
import type { OutputMoments } from './moments.js';

/** Half the mean squared error of one output or several, and a penalty on their weights. */
export interface SquaredLoss {
  /** How many outputs a row has. */
  readonly outputs: number;
  /** How many weight vectors share the matrix: one for each output, and others along which more of the matrix is learnt. */
  readonly vectors: number;
  /** Largest magnitude of an output of a row. */
  readonly largestOutput: number;
  /** The penalty: lambda·|W|²/2, of the features and a 1 behind them. */
  readonly lambda: number;
}

/** Largest number of a query. Its vectors have length 1; clear queries of other sizes are refused. */
const LARGEST_QUERY = 2;

/**
 * What a gradient is multiplied by in a reply: the most with which no shard's reply leaves the range of the encryption, whatever
 * its rows, for query vectors of length up to 1. Features are at most 8, so no eigenvalue of XᵀX/n exceeds 64·width, and no entry
 * of Xᵀy/n 8 times the largest output. Host and model owner both compute it.
 */
export function replyScale(
  { lambda, largestOutput }: Pick<SquaredLoss, 'lambda' | 'largestOutput'>,
  width: number,
): number {
  const curvature = LARGEST_FEATURE * LARGEST_FEATURE * width + lambda;
  return LARGEST_COEFFICIENT / (curvature + LARGEST_FEATURE * largestOutput);
}

/** The gradient of half the mean squared error and the penalty, scaled: (XᵀX/n + λI)·w − Xᵀy/n for each vector; y is 0 for those of no output. */
export function gradientMap({ width, matrix, products }: OutputMoments, loss: SquaredLoss): HostMap {
  const { lambda, vectors } = loss;
  const scale = replyScale(loss, width);
  const offset = new Float64Array(vectors * width);
  products.forEach((entry, place) => (offset[place] = -scale * entry));
  return {
    inputs: width,
    outputs: width,
    vectors,
    matrix: matrix.map((entry, place) => scale * (entry + (place % (width + 1) === 0 ? lambda : 0))),
    offset,
  };
}

/** Sizes of the messages about so many features and a 1 behind them. */
export const gradientMessages = (loss: SquaredLoss, features: number): MessageShape => ({
  inputs: features + 1,
  outputs: features + 1,
  vectors: loss.vectors,
  imaginary: false,
  maxInput: LARGEST_QUERY,
  setup: 0,
  unit: 1 / replyScale(loss, features + 1),
});
