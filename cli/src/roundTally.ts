import type { CommittedChange } from '@veritrain/client-sdk';

type Settled = Extract<CommittedChange, { type: 'SubsetSettled' }>;

/** What became of one round, for people: how many replicas agreed, who did not, how long it took. */
export interface RoundFact {
  attempt: number;
  /** Indexes of the subsets that were drawn. */
  subsets: number[];
  jobs: number;
  verdicts: Record<string, number>;
  /** Hosts whose update was another, by instance. */
  dissenters: string[];
  /** From the request of the draw to the last verdict, as seen from here; absent where it was over before the watch. */
  ms?: number;
}

/** Collects the verdicts of a round until its last drawn subset is settled. */
export class RoundTally {
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

  /** Takes in a settled subset. @returns the whole round once it was the last */
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
