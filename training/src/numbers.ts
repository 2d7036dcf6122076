/** values[index]; 0 outside, which no caller asks for. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
