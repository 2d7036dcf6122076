import { inverseOf, minimalRoot, rootTable } from './modular.js';

/** Factors of a transform's butterflies, in bit-reversed order, and floor(factor · 2^64 / q) of each (Shoup). */
export interface TransformTable {
  readonly roots: BigUint64Array;
  readonly quotients: BigUint64Array;
}

/**
 * Tables of the transform of N places modulo q and of its inverse. Their first n entries are those of the transforms of n places at
 * powers of root^(N/n), which traces need.
 */
export function transformTables(
  q: bigint,
  degree: number,
): { readonly forward: TransformTable; readonly backward: TransformTable } {
  const root = minimalRoot(q, degree);
  return { forward: tableOf(root, degree, q), backward: tableOf(inverseOf(root, q), degree, q) };
}

function tableOf(root: bigint, degree: number, q: bigint): TransformTable {
  const roots = BigUint64Array.from(rootTable(root, degree, q));
  return { roots, quotients: roots.map((value) => (value << 64n) / q) };
}
