/** Values to the nearest multiples of 2^-bits; as they are where `bits` is null. The + 0 leaves no negative zero. */
export function roundedTo(bits: number | null, values: readonly number[]): number[] {
  if (bits === null) return [...values];
  return values.map((value) => Math.round(value * 2 ** bits) / 2 ** bits + 0);
}
