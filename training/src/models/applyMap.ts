import { at } from '../numbers.js';
import type { HostMap } from './family.js';

/** matrix·query + offset, summed from left to right. */
export function applyMap({ inputs, matrix, offset }: HostMap, query: Float64Array): Float64Array {
  return offset.map((added, i) => {
    let sum = 0;
    for (let j = 0; j < inputs; j++) sum += at(matrix, i * inputs + j) * at(query, j);
    return sum + added;
  });
}
