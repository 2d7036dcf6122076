import type { HostMap } from './family.js';

/** matrix·query + offset for each vector of the query, summed from left to right. */
export function applyMap({ inputs, outputs, matrix, offset }: HostMap, query: Float64Array): Float64Array {
  return offset.map((added, place) => {
    const vector = Math.floor(place / outputs) * inputs;
    const own = query.subarray(vector, vector + inputs);
    return productAt(matrix, (place % outputs) * inputs, own, inputs) + added;
  });
}

/** imaginary·query, summed in the same way; nothing where the map has no such part. */
export function applyImaginary({ inputs, outputs, imaginary }: HostMap, query: Float64Array): Float64Array {
  if (imaginary === undefined) return new Float64Array(0);
  return Float64Array.from({ length: outputs }, (_, i) => productAt(imaginary, i * inputs, query, inputs));
}

function productAt(matrix: Float64Array, start: number, query: Float64Array, inputs: number): number {
  let sum = 0;
  for (let j = 0; j < inputs; j++) sum += matrix[start + j]! * query[j]!;
  return sum;
}
