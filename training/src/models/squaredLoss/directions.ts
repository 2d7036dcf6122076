import { addTo, dot, norm, scaled } from '../../optimisers/vectors.js';

/** Vectors of one length. */
export type Vectors = readonly (readonly number[])[];

/** The vectors of a block. */
export function vectorsOf(block: readonly number[], count: number): number[][] {
  const length = block.length / count;
  return Array.from({ length: count }, (_, index) => block.slice(index * length, (index + 1) * length));
}

/**
 * Orthonormal directions that span the given vectors (Gram–Schmidt, twice). Vectors of which less than `least` of their length is
 * left by those before are left out: what is left of them is noise.
 */
export function directionsOf(vectors: Vectors, least: number): number[][] {
  const found: number[][] = [];
  for (const vector of vectors) {
    const whole = norm(vector);
    const rest = [...vector];
    for (let pass = 0; pass < 2; pass++)
      for (const direction of found) addTo(rest, -dot(direction, rest), direction);
    const length = norm(rest);
    if (length > least && length > 1e-6 * whole) found.push(scaled(1 / length, rest));
  }
  return found;
}

/** Σ factors[i]·vectors[i]. */
export function combined(factors: readonly number[], vectors: Vectors, length: number): number[] {
  const sum = Array.from({ length }, () => 0);
  vectors.forEach((vector, index) => addTo(sum, factors[index] ?? 0, vector));
  return sum;
}
