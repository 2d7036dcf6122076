import type { Template } from './template.js';

/** Least subsets of a batch: of two, each could take its own reply off the sum. */
export const MIN_BATCH = 3;
/** Most subsets of a batch: the last one has the remainder. */
export const MAX_BATCH = 2 * MIN_BATCH - 1;

/**
 * The fixed batches of a dataset whose replies are added up: three consecutive subsets each, the last with the remainder. The
 * contract draws the same ones.
 */
function batchesOf(subsets: number): number[][] {
  const count = Math.floor(subsets / MIN_BATCH);
  return Array.from({ length: count }, (_, batch) => {
    const first = batch * MIN_BATCH;
    const end = batch === count - 1 ? subsets : first + MIN_BATCH;
    return Array.from({ length: end - first }, (_unused, place) => first + place);
  });
}

/** Which subsets a model owner sees as one: a batch where replies are added up, otherwise each by itself. */
export function groupsOf({
  aggregation,
  subsetRows,
}: Pick<Template, 'aggregation' | 'subsetRows'>): readonly (readonly number[])[] {
  return aggregation === 'sum' ? batchesOf(subsetRows.length) : subsetRows.map((_, subset) => [subset]);
}

/** Subsets of a group in words: `subset 4`, or `subsets 3 to 5`. */
export function groupText(group: readonly number[]): string {
  const [first, last] = [group[0] ?? 0, group[group.length - 1] ?? 0];
  return first === last ? `subset ${String(first)}` : `subsets ${String(first)} to ${String(last)}`;
}
