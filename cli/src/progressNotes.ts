import { roundResultFile, type CoupleHome, type RoundResult } from '@veritrain/member/home';
import type { Fact } from './coupleFacts.js';
import { roundText } from './roundFigures.js';

/**
 * The notes of the model owner's agent on each round, which only it can decrypt. Other profiles have none.
 */
export class ProgressNotes {
  /** Started attempts without a note so far, ascending. */
  private awaited: number[] = [];

  constructor(private readonly home: CoupleHome) {}

  /** A round was started, so its note will come. */
  await(attempt: number): void {
    this.awaited.push(attempt);
  }

  /** The notes that came since the last call. */
  read(): Fact[] {
    const facts: Fact[] = [];
    this.awaited = this.awaited.filter((attempt) => {
      const note = roundResultFile(this.home, attempt).read();
      if (note !== undefined) facts.push(factOf(note));
      return note === undefined;
    });
    return facts;
  }
}

const factOf = ({ metrics, usedSubsets }: RoundResult): Fact => ({
  kind: 'progress',
  summary: roundText(metrics),
  learnt: { ...metrics, usedSubsets },
});
