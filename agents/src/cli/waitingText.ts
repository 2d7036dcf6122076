import type { DeadlineView, Waiting } from '@veritrain/client-sdk';
import { clockTime } from './text.js';

/** Until when, in words. A deadline that no tick has started yet counts against nobody. */
export function untilText(until: DeadlineView | null): string {
  if (until === null) return 'no deadline';
  if (until.dueAt === null) return 'the deadline starts within two ticks';
  return `${until.passed ? 'since' : 'until'} ${clockTime(until.dueAt)}`;
}

/** One thing that is waited for; the same thing of several subsets is one. */
export interface Wait {
  /** What is waited for, whom, and whether the deadline passed: a wait with the same key is the same wait. */
  key: string;
  text: string;
}

const withoutSubset = (what: string): string => what.replace(/ ?\bof subset \d+|\bsubset \d+ /, '');

/** `waiting for pt_alder, pt_birch: hosts to commit or report (subsets 0 2), until 10:14:39` */
export function waitTexts(waits: readonly Waiting[]): Wait[] {
  const groups = new Map<string, Waiting[]>();
  for (const wait of waits) {
    const key = JSON.stringify([wait.whom, withoutSubset(wait.what), wait.until?.passed ?? false]);
    groups.set(key, [...(groups.get(key) ?? []), wait]);
  }
  return [...groups].map(([key, group]) => ({ key, text: groupText(group) }));
}

function groupText(group: readonly Waiting[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { whom, until, thenAnyone } = first;
  const named = first.what !== withoutSubset(first.what);
  const subsets = group
    .flatMap(({ subsetIndex }) => (named && subsetIndex !== null ? [subsetIndex] : []))
    .sort((a, b) => a - b);
  const which =
    subsets.length === 0 ? '' : ` (subset${subsets.length === 1 ? '' : 's'} ${subsets.join(' ')})`;
  const then = until?.passed === true && thenAnyone !== null ? `; now anyone may call ${thenAnyone}` : '';
  const of = whom.length === 0 ? 'anyone' : whom.join(', ');
  return `waiting for ${of}: ${withoutSubset(first.what)}${which}, ${untilText(until)}${then}`;
}
