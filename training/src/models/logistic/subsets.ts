import type { FamilyTemplate } from '../../maps/mappedRows.js';
import type { SubsetReply, SubsetShape } from '../family.js';

// What model owners of logistic models, of two classes or several, remember of subsets, and make of it.

/** What is remembered of one subset. */
interface Memory<Asked> {
  /** Its set-up reply. */
  readonly setup: number[];
  /** Its newest reply of third moments, and what was asked; null before there is one. */
  readonly asked: Asked | null;
}

/** What is public of a subset. */
export function shapeOf(
  { features, rows, subsetRows, maxMeanSquare }: FamilyTemplate,
  subset: number,
): SubsetShape {
  return { features, rows: subsetRows[subset] ?? 1, totalRows: rows, maxMeanSquare };
}

/** The subsets of which something is remembered, each with its share of their rows. */
export function knownSubsets<Known>(
  subsets: readonly (Known | null)[],
  { subsetRows }: Pick<FamilyTemplate, 'subsetRows'>,
): { readonly memory: Known; readonly subset: number; readonly share: number }[] {
  const known = subsets.flatMap((memory, subset) => (memory === null ? [] : [{ memory, subset }]));
  const rowsOf = (subset: number): number => subsetRows[subset] ?? 0;
  const total = known.reduce((sum, { subset }) => sum + rowsOf(subset), 0);
  return known.map(({ memory, subset }) => ({ memory, subset, share: rowsOf(subset) / total }));
}

/** Whether something is remembered of a subset of which nothing was before. */
export const isOneNew = (before: readonly unknown[], after: readonly unknown[]): boolean =>
  after.some((memory, subset) => memory !== null && before[subset] === null);

/** The memory with what replies say. @param asked of a reply that can be used, by its subset's set-up; null where it says nothing new */
export function withReplies<Asked>(
  subsets: readonly (Memory<Asked> | null)[],
  replies: readonly SubsetReply[],
  {
    isUsable,
    asked,
  }: {
    isUsable(reply: SubsetReply): boolean;
    asked(reply: SubsetReply, setup: readonly number[]): Asked | null;
  },
): (Memory<Asked> | null)[] {
  const next = [...subsets];
  for (const reply of replies.filter(isUsable)) {
    const known = next[reply.subset] ?? null;
    // The + 0 leaves no negative zero, which JSON would lose.
    const setup = known?.setup ?? (reply.setup ?? []).map((value) => value + 0);
    next[reply.subset] = { setup, asked: asked(reply, setup) ?? known?.asked ?? null };
  }
  return next;
}
