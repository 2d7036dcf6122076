import { applyMap } from '../applyMap.js';
import type { HostMap, SubsetShape } from '../family.js';
import type { Gram } from './gram.js';
import type { LinearHead } from './head.js';
import { stepSize } from './stepSize.js';

/**
 * `localSteps` gradient steps of ridge regression on a shard, as one affine map: with A = XᵀX/n + λI and b = Xᵀy/n,
 * one step is w → (I − ηA)·w + ηb, η by {@link stepSize}. Only + − × ÷ in a fixed order, so every replica gets the same
 * numbers. Computes whatever the shard is.
 */
export function affineMapOf(
  gram: Gram,
  head: Pick<LinearHead, 'lambda' | 'learningRate' | 'localSteps'>,
  shape: SubsetShape,
): HostMap {
  const { features } = gram;
  const step = oneStep(gram, head.lambda, stepSize(head, shape));
  let map = step;
  for (let done = 1; done < head.localSteps; done++) {
    map = {
      ...map,
      matrix: multiply(step.matrix, map.matrix, features),
      offset: applyMap(step, map.offset),
    };
  }
  return map;
}

function oneStep(gram: Gram, lambda: number, size: number): HostMap {
  const { features } = gram;
  const matrix = gram.matrix.map((entry, place) => {
    const diagonal = place % (features + 1) === 0;
    return (diagonal ? 1 : 0) - size * (entry + (diagonal ? lambda : 0));
  });
  return { inputs: features, outputs: features, matrix, offset: gram.vector.map((entry) => size * entry) };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[i * size + k]! * b[k * size + j]!;
      out[i * size + j] = sum;
    }
  }
  return out;
}
