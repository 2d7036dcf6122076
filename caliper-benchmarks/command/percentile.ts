/** Nearest rank: the smallest latency that the given part of them does not exceed. */
export const percentile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
