import { at } from '../numbers.js';
import type { TrainingProgram } from '../program.js';
import type { Gram } from './gram.js';
import { stepSize, type SubsetShape } from './stepSize.js';

/** The map w → matrix·w + offset that a host applies to the model. */
export interface AffineMap {
  readonly features: number;
  /** features × features, row-major. */
  readonly matrix: Float64Array;
  readonly offset: Float64Array;
}

/**
 * `localSteps` gradient steps of ridge regression on a shard, as one affine map: with A = XᵀX/n + λI and b = Xᵀy/n,
 * one step is w → (I − ηA)·w + ηb, η by {@link stepSize}. Only + − × ÷ in a fixed order, so every replica gets the same
 * numbers. Computes whatever the shard is.
 */
export function affineMapOf(
  gram: Gram,
  program: Pick<TrainingProgram, 'lambda' | 'learningRate' | 'localSteps'>,
  shape: SubsetShape,
): AffineMap {
  const { features } = gram;
  const step = oneStep(gram, program.lambda, stepSize(program, shape));
  let map = step;
  for (let done = 1; done < program.localSteps; done++) {
    map = {
      features,
      matrix: multiply(step.matrix, map.matrix, features),
      offset: applyMap(step, map.offset),
    };
  }
  return map;
}

/** matrix·weights + offset, summed from left to right. */
export function applyMap(map: AffineMap, weights: Float64Array): Float64Array {
  return map.offset.map((offset, i) => {
    let sum = 0;
    for (let j = 0; j < map.features; j++) sum += at(map.matrix, i * map.features + j) * at(weights, j);
    return sum + offset;
  });
}

function oneStep(gram: Gram, lambda: number, size: number): AffineMap {
  const { features } = gram;
  const matrix = gram.matrix.map((entry, place) => {
    const diagonal = place % (features + 1) === 0;
    return (diagonal ? 1 : 0) - size * (entry + (diagonal ? lambda : 0));
  });
  return { features, matrix, offset: gram.vector.map((entry) => size * entry) };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += at(a, i * size + k) * at(b, k * size + j);
      out[i * size + j] = sum;
    }
  }
  return out;
}
