import type { SubsetMemory } from './state.js';
import { exploredDirections } from './exploration.js';
import { norm, subtract } from './vectors.js';

/** Steps shorter than this say more about noise than about curvature. */
const LEAST_STEP = 2 ** -9;

/**
 * A subset's new gradient at a point, beside its earlier ones. features + 1 replies say all that there is to know of a
 * quadratic; of more, the one that adds least to the others is forgotten.
 */
export function remember(
  last: SubsetMemory | null,
  point: readonly number[],
  gradient: readonly number[],
): SubsetMemory {
  const reply = { point: [...point], gradient: [...gradient] };
  const [previous, ...older] = last?.replies ?? [];
  if (last === null || previous === undefined) return { replies: [reply], smoothness: 0 };
  const replies = [reply, previous, ...older];
  const step = norm(subtract(point, previous.point));
  const change = norm(subtract(gradient, previous.gradient));
  const smoothness = step < LEAST_STEP ? last.smoothness : Math.max(last.smoothness, change / step);
  if (replies.length <= point.length + 1) return { replies, smoothness };
  const least = exploredDirections(replies).at(-1)?.reply;
  return { replies: replies.filter((kept) => kept !== least), smoothness };
}

/** A subset that was used, with its weight in sums. */
export interface WeightedMemory {
  readonly subset: number;
  readonly weight: number;
  readonly memory: SubsetMemory;
}

/** The subsets that were used so far; weights are their rows over all their rows. */
export function usedSubsets(
  memory: readonly (SubsetMemory | null)[],
  subsetRows: readonly number[],
): WeightedMemory[] {
  const used = memory.flatMap((entry, subset) =>
    entry === null ? [] : [{ subset, entry, rows: subsetRows[subset] ?? 0 }],
  );
  const total = used.reduce((sum, { rows }) => sum + rows, 0);
  return used.map(({ subset, entry, rows }) => ({ subset, weight: rows / total, memory: entry }));
}
