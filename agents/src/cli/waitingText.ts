import type { DeadlineView, Waiting } from '@veritrain/client-sdk';

/** Until when, in words. A deadline that no tick has started yet counts against nobody. */
export function untilText(until: DeadlineView | null): string {
  if (until === null) return 'no deadline';
  if (until.dueAt === null) return 'its deadline starts with the next tick';
  const at = new Date(until.dueAt)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return until.passed ? `since ${at}` : `until ${at}`;
}

/** `waiting for pt_alder, pt_birch: commitments, until …` */
export function waitingText(of: Waiting): string {
  const whom = of.whom.length === 0 ? 'anyone' : of.whom.join(', ');
  const then =
    of.until?.passed === true && of.thenAnyone !== null ? `; now anyone may call ${of.thenAnyone}` : '';
  return `waiting for ${whom}: ${of.what}, ${untilText(of.until)}${then}`;
}
