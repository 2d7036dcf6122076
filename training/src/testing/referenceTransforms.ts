import { inverseOf } from '../he/ring/modular.js';

// The transforms in BigInt, as plain as they can be: the judge of every backend's.

/** Negacyclic transform, natural order in, bit-reversed order out: the k-th result is the value at root^(2·reverse(k) + 1). */
export function transformSmall(
  coefficients: readonly bigint[],
  table: readonly bigint[],
  q: bigint,
): bigint[] {
  const out = coefficients.map((value) => ((value % q) + q) % q);
  for (let blocks = 1, half = out.length / 2; blocks < out.length; blocks *= 2, half /= 2) {
    for (let block = 0; block < blocks; block++) {
      const root = table[blocks + block] ?? 0n;
      for (let left = 2 * block * half; left < (2 * block + 1) * half; left++) {
        const u = out[left] ?? 0n;
        const v = ((out[left + half] ?? 0n) * root) % q;
        out[left] = (u + v) % q;
        out[left + half] = (u - v + q) % q;
      }
    }
  }
  return out;
}

/** The inverse of {@link transformSmall}, given the inverses of the same table. */
export function invertSmall(values: readonly bigint[], inverses: readonly bigint[], q: bigint): bigint[] {
  const out = [...values];
  for (let blocks = out.length / 2, half = 1; blocks >= 1; blocks /= 2, half *= 2) {
    for (let block = 0; block < blocks; block++) {
      const inverse = inverses[blocks + block] ?? 0n;
      for (let left = 2 * block * half; left < (2 * block + 1) * half; left++) {
        const u = out[left] ?? 0n;
        const v = out[left + half] ?? 0n;
        out[left] = (u + v) % q;
        out[left + half] = ((u - v + q) * inverse) % q;
      }
    }
  }
  const inverseSize = inverseOf(BigInt(out.length), q);
  return out.map((value) => (value * inverseSize) % q);
}
