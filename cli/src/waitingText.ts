import type { Awaited } from '@veritrain/agents';
import type { DeadlineView } from '@veritrain/client-sdk';
import { clockTime } from './text.js';

/** A deadline in words. It counts against no member before a tick has started it. */
export function untilText(until: DeadlineView | null): string {
  if (until === null) return 'no deadline';
  if (until.dueAt === null) return 'the deadline starts within two ticks';
  return `${until.passed ? 'since' : 'until'} ${clockTime(until.dueAt)}`;
}

/** One wait. Equal waits for several subsets are one. */
export interface Wait {
  /** Identifies a wait: what and whom the couple waits for, and whether the deadline has passed. */
  key: string;
  text: string;
}

type What = Pick<Awaited, 'kind' | 'attempt' | 'code'>;

const words: Readonly<Record<Awaited['kind'], string>> = {
  verification: 'packages to be verified',
  notice: 'the notice of hosts that leave to end',
  answer: 'the request to be answered',
  start: 'the attempt to be started',
  nextRound: 'the next round, or the end',
  updates: 'hosts to commit or report',
  close: 'the round to be closed',
  reveals: 'hosts to reveal',
  tally: 'the dispute to be tallied',
  update: 'updates from the vault',
  model: 'the model from the vault',
  documents: 'the template and the program from the vault',
  vault: 'the vault',
};

/** `hosts to commit or report (attempt 3, subsets 0 2)` */
export function whatText({ kind, attempt, code }: What, subsets: readonly number[] = []): string {
  const where = [
    ...(attempt === null ? [] : [`attempt ${attempt}`]),
    ...(subsets.length === 0 ? [] : [`subset${subsets.length === 1 ? '' : 's'} ${subsets.join(' ')}`]),
    ...(code === undefined ? [] : [code]),
  ];
  return where.length === 0 ? words[kind] : `${words[kind]} (${where.join(', ')})`;
}

/** `waiting for pt_alder, pt_birch: hosts to commit or report (attempt 3, subsets 0 2), until 10:14:39` */
export function waitTexts(waits: readonly Awaited[]): Wait[] {
  const groups = new Map<string, Awaited[]>();
  for (const wait of waits) {
    const { kind, attempt, whom, until } = wait;
    const key = JSON.stringify([kind, attempt, whom, until?.passed ?? false]);
    groups.set(key, [...(groups.get(key) ?? []), wait]);
  }
  return [...groups].map(([key, group]) => ({ key, text: groupText(group) }));
}

function groupText(group: readonly Awaited[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const { whom, until, thenAnyone = null } = first;
  const subsets = new Set(group.flatMap(({ subsetIndex }) => (subsetIndex === null ? [] : [subsetIndex])));
  const what = whatText(
    first,
    [...subsets].sort((a, b) => a - b),
  );
  const then = until?.passed === true && thenAnyone !== null ? `; now anyone may call ${thenAnyone}` : '';
  const of = whom.length === 0 ? 'anyone' : whom.join(', ');
  return `waiting for ${of}: ${what}, ${untilText(until)}${then}`;
}
