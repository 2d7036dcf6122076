import type { CommittedChange } from '@veritrain/client-sdk';
import { mse, type Table } from '@veritrain/training';
import type { CoupleHome } from '@veritrain/member/home';
import { type Progress, showsRound } from './progress.js';
import { figure, plural } from './report/figures.js';
import { readRoundNote } from './roundNotes.js';

interface Attempt {
  drawn: number[];
  settled: number;
  agreed: number;
  jobs: number;
  committed: number;
  expected: number;
  noted: boolean;
  told: boolean;
}

const mostRoundLines = 12;

/** Tells of rounds as they end, and of the first lie that is found out. */
export class Announcer {
  private readonly attempts = new Map<number, Attempt>();
  private started = 0;
  private convicted = false;

  constructor(
    private readonly progress: Progress,
    private readonly table: Table,
    private readonly couple: CoupleHome,
    private readonly rounds: number,
    /** The name of a participant, as the demo calls it. */
    private readonly nameOf: (participantId: string) => string,
  ) {}

  /** A change of the couple on the ledger. */
  change(change: CommittedChange): void {
    if (change.type === 'RoundStarted') {
      this.started += 1;
      const attempt = this.of(change.attempt);
      attempt.drawn = change.drawn.map(({ subsetIndex }) => subsetIndex);
      attempt.expected = change.drawn.reduce((sum, { slots }) => sum + slots.length, 0);
      this.showStatus(change.attempt);
    }
    if (change.type === 'UpdateCommitted') {
      this.of(change.attempt).committed += 1;
      this.showStatus(change.attempt);
    }
    if (change.type === 'RoundExpired')
      this.progress.line('round', `attempt ${change.attempt} was not started in time`);
    if (change.type === 'SubsetSettled') this.settled(change);
  }

  /** The model owner saved its model after an attempt. */
  saved(attempt: number): void {
    this.of(attempt).noted = true;
    this.tell(attempt);
  }

  private settled({
    attempt,
    outcome,
    subsetIndex,
    verdicts,
  }: CommittedChange & { type: 'SubsetSettled' }): void {
    const state = this.of(attempt);
    state.settled += 1;
    state.jobs += verdicts.length;
    state.agreed += verdicts.filter(({ verdict }) => verdict === 'agreed' || verdict === 'unjudged').length;
    if (outcome !== 'agreed')
      this.progress.line(
        'round',
        `${attempt} of ${this.rounds}: subset ${subsetIndex + 1} came to nothing (${outcome})`,
      );
    const dissenter = verdicts.find(({ verdict }) => verdict === 'dissented');
    if (dissenter !== undefined && !this.convicted) {
      this.convicted = true;
      this.progress.line(
        'caught',
        `${this.nameOf(dissenter.participantId)}: its update of subset ${subsetIndex + 1} differs from its sisters’`,
      );
    }
    this.tell(attempt);
  }

  private tell(attempt: number): void {
    const state = this.of(attempt);
    if (state.told || !state.noted || state.drawn.length === 0 || state.settled < state.drawn.length) return;
    state.told = true;
    const note = readRoundNote(this.couple, attempt);
    const error = note === undefined ? '' : `; error ${figure(mse(this.table, note.model))}`;
    const facts =
      `${attempt} of ${this.rounds}: subsets ${listed(state.drawn)}; ` +
      `${state.agreed} of ${plural(state.jobs, 'job')} agreed${error}`;
    if (showsRound(attempt, this.rounds, mostRoundLines)) this.progress.line('round', facts);
    this.progress.status(attempt, this.rounds, `round ${facts}`);
  }

  private showStatus(attempt: number): void {
    const { drawn, committed, expected } = this.of(attempt);
    this.progress.status(
      this.started - 1 + committed / Math.max(1, expected),
      this.rounds,
      `round ${attempt} of ${this.rounds}: subsets ${listed(drawn)}; ${committed} of ${expected} committed`,
    );
  }

  private of(attempt: number): Attempt {
    const known = this.attempts.get(attempt);
    if (known !== undefined) return known;
    const fresh = {
      drawn: [],
      settled: 0,
      agreed: 0,
      jobs: 0,
      committed: 0,
      expected: 0,
      noted: false,
      told: false,
    };
    this.attempts.set(attempt, fresh);
    return fresh;
  }
}

const mostListed = 6;

function listed(subsets: readonly number[]): string {
  const names = [...subsets].sort((a, b) => a - b).map((subset) => subset + 1);
  return names.slice(0, mostListed).join(', ') + (names.length > mostListed ? ', …' : '');
}
