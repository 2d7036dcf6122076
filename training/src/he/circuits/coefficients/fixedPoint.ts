/** Bits of a number that are kept exactly: a double has 53. */
const EXACT_BITS = 52;

/**
 * Writes value·2^bits, rounded, as a signed 128-bit number in two's complement, place `place` of `out`. Beyond 2^-52 of a value
 * below 1 nothing is kept.
 */
export function writeFixed(out: BigUint64Array, place: number, value: number, bits: number): void {
  const own = Math.min(bits, EXACT_BITS);
  const number = BigInt(Math.round(value * 2 ** own)) << BigInt(bits - own);
  out[2 * place] = BigInt.asUintN(64, number);
  out[2 * place + 1] = BigInt.asUintN(64, number >> 64n);
}
