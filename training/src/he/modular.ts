// Exact arithmetic modulo a prime on a few numbers, in BigInt: tables, and transforms of the small trace ring.
// The wide arithmetic is the kernel's.

/** base^exponent mod q. */
export function power(base: bigint, exponent: bigint, q: bigint): bigint {
  let result = 1n;
  let factor = base % q;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % q;
    factor = (factor * factor) % q;
  }
  return result;
}

/** The smallest primitive root of unity of order 2·degree modulo q: the one SEAL uses. */
export function minimalRoot(q: bigint, degree: number): bigint {
  const order = BigInt(2 * degree);
  let root = 0n;
  for (let base = 2n; root === 0n; base++) {
    const candidate = power(base, (q - 1n) / order, q);
    if (power(candidate, order / 2n, q) === q - 1n) root = candidate;
  }
  const square = (root * root) % q;
  let least = root;
  for (let step = 0; step < degree; step++) {
    if (root < least) least = root;
    root = (root * square) % q;
  }
  return least;
}

/** The lowest `bits` bits of `value`, in reverse order. */
export function reverseBits(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed = (reversed << 1) | ((value >> bit) & 1);
  return reversed;
}

/** root^0 … root^(degree − 1), in bit-reversed order. */
export function rootTable(root: bigint, degree: number, q: bigint): bigint[] {
  const powers: bigint[] = [];
  for (let value = 1n; powers.length < degree; value = (value * root) % q) powers.push(value);
  const bits = Math.log2(degree);
  return powers.map((_, index) => powers[reverseBits(index, bits)] ?? 0n);
}

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

/** 1 / value modulo the prime q. */
export function inverseOf(value: bigint, q: bigint): bigint {
  return power(value, q - 2n, q);
}
