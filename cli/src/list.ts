import type { Answer } from './output.js';
import { type Cell, table } from './text.js';

/** The first elements of a list, and whether there are more. */
export async function take<T>(
  source: AsyncIterable<T>,
  limit: number,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  for await (const item of source) {
    if (items.length === limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}

export interface Listing<T> {
  items: T[];
  more: boolean;
  head: readonly string[];
  row: (item: T) => Cell[];
  /** The element as people read it, with names beside ids. */
  named?: (item: T) => T;
  /** Printed for an empty list: what to do. */
  whenEmpty: string;
}

/** A list as an answer: a table for people, every element whole for programs. */
export function listAnswer<T>({ items, more, head, row, named, whenEmpty }: Listing<T>): Answer {
  const shown = named === undefined ? items : items.map(named);
  const rows = table(head, shown.map(row), whenEmpty);
  return {
    data: { items, more },
    items,
    text: more ? `${rows}\n… and more: --limit shows more of them.` : rows,
  };
}
