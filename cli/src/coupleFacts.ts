import type { CommittedChange } from '@veritrain/client-sdk';
import type { RoundResult } from '@veritrain/member/home';
import type { RoundMetrics } from '@veritrain/training';
import { duration } from './text.js';

/** One thing worth a line while a training is watched. */
export interface Fact {
  kind: 'step' | 'round' | 'warning' | 'progress' | 'waiting';
  summary: string;
  transactionId?: string;
  /** Decimal. */
  blockNumber?: string;
  round?: RoundFact;
  /** What the model owner's agent noted of a round that went into its model. */
  learnt?: RoundMetrics & Pick<RoundResult, 'usedSubsets'>;
}

type ChangeType = CommittedChange['type'];

/** Changes that have no line of their own: the line of the whole round tells them. */
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

/** Turns a couple's changes into facts. A round is one line, whatever its size; a failure has its own line. */
export class CoupleFacts {
  private openedAt: number | undefined;
  private tally: RoundTally | undefined;

  /**
   * @param live false for a change from before the watch began, whose time is unknown
   * @param now time of a running clock, ms
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

type Settled = Extract<CommittedChange, { type: 'SubsetSettled' }>;

/** The outcome of one round. */
interface RoundFact {
  attempt: number;
  /** Indexes of the subsets that were drawn. */
  subsets: number[];
  jobs: number;
  verdicts: Record<string, number>;
  /** Hosts whose update was another one, with their instances. */
  dissenters: string[];
  /** From the opening of the round to its last verdict, as this watch saw it; absent for a round from before the watch. */
  ms?: number;
}

/** Collects the verdicts of a round until its last drawn subset is settled. */
class RoundTally {
  private readonly pending: Set<number>;
  private readonly fact: RoundFact;

  constructor(
    started: Extract<CommittedChange, { type: 'RoundStarted' }>,
    private readonly startedAt: number | undefined,
  ) {
    const subsets = started.drawn.map(({ subsetIndex }) => subsetIndex).sort((a, b) => a - b);
    const jobs = started.drawn.reduce((sum, { slots }) => sum + slots.length, 0);
    this.pending = new Set(subsets);
    this.fact = { attempt: started.attempt, subsets, jobs, verdicts: {}, dissenters: [] };
  }

  /** Adds a settled subset. @returns the whole round once this was its last subset */
  add({ subsetIndex, verdicts }: Settled, now: number): RoundFact | undefined {
    if (!this.pending.delete(subsetIndex)) return undefined;
    for (const { instanceId, participantId, verdict } of verdicts) {
      this.fact.verdicts[verdict] = (this.fact.verdicts[verdict] ?? 0) + 1;
      if (verdict === 'dissented') this.fact.dissenters.push(`${participantId} in ${instanceId}`);
    }
    if (this.pending.size > 0) return undefined;
    return this.startedAt === undefined ? this.fact : { ...this.fact, ms: Math.round(now - this.startedAt) };
  }
}
