import type { CommittedChange } from '@veritrain/client-sdk';
import { type CoupleHome, roundResultFile } from '@veritrain/member/home';
import { lossOf, type Table } from '@veritrain/training';
import type { Tell } from './events.js';

interface Attempt {
  subsets: number[];
  /** Rounds that were started before it. */
  before: number;
  settled: number;
  agreed: number;
  judged: number;
  committed: number;
  jobs: number;
  isSaved: boolean;
  isTold: boolean;
}

interface RoundEventsInput {
  readonly tell: Tell;
  readonly table: Table;
  /** The model owner's: its agent notes the model there after each round. */
  readonly couple: CoupleHome;
  /** The demo's name of a participant. */
  readonly nameOf: (participantId: string) => string;
}

/** Emits events of rounds as they go on and end, and of the first lie that is caught. */
export class RoundEvents {
  private readonly attempts = new Map<number, Attempt>();
  private started = 0;
  private isConvicted = false;

  constructor(private readonly input: RoundEventsInput) {}

  /** A change of the couple on the ledger. */
  change(change: CommittedChange): void {
    if (change.type === 'RoundStarted') {
      const attempt = this.of(change.attempt);
      attempt.before = this.started;
      this.started += 1;
      attempt.subsets = change.drawn.map(({ subsetIndex }) => subsetIndex).sort((a, b) => a - b);
      attempt.jobs = change.drawn.reduce((sum, { slots }) => sum + slots.length, 0);
      this.tellProgress(change.attempt);
    }
    if (change.type === 'UpdateCommitted') {
      this.of(change.attempt).committed += 1;
      this.tellProgress(change.attempt);
    }
    if (change.type === 'RoundExpired') this.input.tell({ kind: 'roundExpired', attempt: change.attempt });
    if (change.type === 'SubsetSettled') this.settled(change);
  }

  /** The model owner saved its model after an attempt. */
  saved(attempt: number): void {
    this.of(attempt).isSaved = true;
    this.tellApplied(attempt);
  }

  private settled(change: CommittedChange & { type: 'SubsetSettled' }): void {
    const { attempt, outcome, subsetIndex: subset, verdicts } = change;
    const state = this.of(attempt);
    state.settled += 1;
    state.judged += verdicts.length;
    state.agreed += verdicts.filter(({ verdict }) => verdict === 'agreed' || verdict === 'unjudged').length;
    if (outcome !== 'agreed') this.input.tell({ kind: 'subsetLost', attempt, subset, outcome });
    const dissenter = verdicts.find(({ verdict }) => verdict === 'dissented');
    if (dissenter !== undefined && !this.isConvicted) {
      this.isConvicted = true;
      this.input.tell({ kind: 'liarCaught', host: this.input.nameOf(dissenter.participantId), subset });
    }
    this.tellApplied(attempt);
  }

  private tellApplied(attempt: number): void {
    const state = this.of(attempt);
    const { subsets, agreed, judged } = state;
    if (state.isTold || !state.isSaved || subsets.length === 0 || state.settled < subsets.length) return;
    state.isTold = true;
    const note = roundResultFile(this.input.couple, attempt).read();
    const error = note === undefined ? undefined : lossOf(this.input.table, note.model).value;
    this.input.tell({ kind: 'roundApplied', attempt, subsets, agreed, jobs: judged, error });
  }

  private tellProgress(attempt: number): void {
    const { before, subsets, committed, jobs } = this.of(attempt);
    this.input.tell({ kind: 'roundProgress', attempt, before, subsets, committed, jobs });
  }

  private of(number: number): Attempt {
    const known = this.attempts.get(number);
    if (known !== undefined) return known;
    const counts = { settled: 0, agreed: 0, judged: 0, committed: 0, jobs: 0 };
    const fresh = { subsets: [], before: this.started, ...counts, isSaved: false, isTold: false };
    this.attempts.set(number, fresh);
    return fresh;
  }
}
