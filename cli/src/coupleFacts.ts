import type { CommittedChange } from '@veritrain/client-sdk';
import { RoundTally, type RoundFact } from './roundTally.js';
import { duration } from './text.js';

/** One thing worth a line while a training is watched. */
export interface Fact {
  kind: 'step' | 'round' | 'warning' | 'progress' | 'waiting' | 'end';
  summary: string;
  transactionId?: string;
  /** Decimal. */
  blockNumber?: string;
  round?: RoundFact;
}

type ChangeType = CommittedChange['type'];

/** What the line of the whole round tells. */
const partOfARound: ReadonlySet<ChangeType> = new Set<ChangeType>([
  'RoundOpened',
  'RoundStarted',
  'UpdateCommitted',
  'ConductRecorded',
]);
const warnings: ReadonlySet<ChangeType> = new Set<ChangeType>([
  'RoundExpired',
  'UpdateUnavailable',
  'SubsetContested',
  'UpdateRevealed',
]);

/** Turns a couple's changes into facts: a round is one line, whatever its size; what goes wrong gets its own. */
export class CoupleFacts {
  private openedAt: number | undefined;
  private tally: RoundTally | undefined;

  /**
   * @param live false while what is read happened before the watch began, so that no time is made up for it
   * @param now a running clock, ms
   */
  read(change: CommittedChange, live: boolean, now: number): Fact[] {
    if (change.type === 'RoundOpened') this.openedAt = live ? now : undefined;
    if (change.type === 'RoundStarted') this.tally = new RoundTally(change, this.openedAt);
    if (change.type === 'SubsetSettled') return this.settled(change, now);
    if (partOfARound.has(change.type)) return [];
    return [factOf(warnings.has(change.type) ? 'warning' : 'step', change, change.summary)];
  }

  private settled(change: Extract<CommittedChange, { type: 'SubsetSettled' }>, now: number): Fact[] {
    const round = this.tally?.add(change, now);
    if (round === undefined) return [];
    this.tally = undefined;
    return [{ ...factOf('round', change, roundText(round)), round }];
  }
}

function factOf(kind: Fact['kind'], change: CommittedChange, summary: string): Fact {
  return { kind, summary, transactionId: change.transactionId, blockNumber: change.blockNumber.toString() };
}

/** `round 3: subsets 0 2, 6 of 6 agreed, 1.4 s` */
function roundText({ attempt, subsets, jobs, verdicts, dissenters, ms }: RoundFact): string {
  const { agreed = 0, ...others } = verdicts;
  const parts = [
    `round ${attempt}: subset${subsets.length === 1 ? '' : 's'} ${subsets.join(' ')}`,
    `${agreed} of ${jobs} agreed`,
    ...Object.entries(others).map(([verdict, times]) => `${times} ${verdict}`),
    ...(ms === undefined ? [] : [duration(ms)]),
  ];
  return `${parts.join(', ')}${dissenters.length === 0 ? '' : ` (${dissenters.join('; ')})`}`;
}
