// Exact arithmetic modulo a prime on a few numbers, in BigInt: what tables are made of. The wide arithmetic is a backend's.

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
function reverseBits(value: number, bits: number): number {
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

/** 1 / value modulo the prime q. */
export function inverseOf(value: bigint, q: bigint): bigint {
  return power(value, q - 2n, q);
}
