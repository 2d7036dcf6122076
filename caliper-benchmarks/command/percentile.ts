/** Nearest rank: the least latency that so many of them do not exceed. */
export const percentile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
