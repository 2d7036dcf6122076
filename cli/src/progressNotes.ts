import { roundResultFile, type CoupleHome, type RoundResult } from '@veritrain/member/home';
import type { Fact } from './coupleFacts.js';

/**
 * The notes of the model owner's agent on each round, which only it can decrypt. Other profiles have none.
 */
export class ProgressNotes {
  /** Started attempts without a note so far, ascending. */
  private awaited: number[] = [];
  private gradient: number | undefined;

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
      if (note !== undefined) facts.push({ kind: 'progress', summary: this.text(note.metrics) });
      return note === undefined;
    });
    return facts;
  }

  private text({ attempt, gradientNorm, precisionBits, boundActive, stepRefused }: Note): string {
    const before = this.gradient;
    this.gradient = gradientNorm;
    const change =
      before === undefined || before === 0 ? '' : `, ${percent((gradientNorm - before) / before)}`;
    const bits = precisionBits === null ? '' : `, ${precisionBits.toFixed(1)} bits of precision left`;
    const met = `${stepRefused ? ', last step taken back' : ''}${boundActive ? ', bound active' : ''}`;
    return `round ${attempt} taken in: gradient ${gradientNorm.toPrecision(3)}${change}${bits}${met}`;
  }
}

type Note = RoundResult['metrics'];

const percent = (part: number): string => `${part > 0 ? '+' : ''}${(100 * part).toFixed(0)} %`;
