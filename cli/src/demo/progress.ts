import type { WriteStream } from 'node:tty';

/** Where progress goes: stderr, on a terminal or not. */
export type ProgressStream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

const barCharacters = 24;
const defaultColumns = 80;
const redrawMs = 200;

/**
 * Lines of progress, each with the seconds since the start, and on a terminal one live line below them that is
 * written over. Never more lines than the budget: what exceeds it is counted and said at the end.
 */
export class Progress {
  private readonly startedAt = performance.now();
  private written = 0;
  private left = 0;
  private live: { bar: string; facts: string } | undefined;
  private readonly clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: ProgressStream,
    private readonly mostLines: number,
  ) {
    // The seconds of the live line go on while nothing happens.
    if (stream.isTTY === true) this.clock = setInterval(() => this.draw(), redrawMs).unref();
  }

  private get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** A line that stays: what happened, and the facts. */
  line(topic: string, facts: string): void {
    if (this.written >= this.mostLines) {
      this.left += 1;
      return;
    }
    this.print(`${this.seconds.toFixed(1).padStart(6)} s  ${topic.padEnd(9)} ${facts}`);
  }

  /** A line without clock and topic, outside the budget's cut: titles, warnings that must be seen. */
  say(text: string): void {
    this.print(text);
  }

  /** The live line; on anything but a terminal nothing. */
  status(done: number, total: number, facts: string): void {
    const filled = total === 0 ? 0 : Math.round((done / total) * barCharacters);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCharacters - filled)}`;
    this.live = { bar, facts };
    this.draw();
  }

  /** Takes the live line away, and says how many lines were left out. */
  end(): void {
    clearInterval(this.clock);
    this.erase();
    this.live = undefined;
    if (this.left > 0) this.print(`          … and ${this.left} more lines of progress, left out`);
    this.left = 0;
  }

  private print(text: string): void {
    this.erase();
    this.stream.write(`${text}\n`);
    this.written += 1;
    this.draw();
  }

  private draw(): void {
    if (this.stream.isTTY !== true || this.live === undefined) return;
    const { bar, facts } = this.live;
    const text = `${this.seconds.toFixed(1).padStart(6)} s  ${bar} ${facts}`;
    this.stream.write(`\r\u001b[2K${text.slice(0, (this.stream.columns ?? defaultColumns) - 1)}`);
  }

  private erase(): void {
    if (this.stream.isTTY === true && this.live !== undefined) this.stream.write('\r\u001b[2K');
  }
}

/** Whether to print a line for this round: all of a short run, about `most` of a long one, the last always. */
export function showsRound(round: number, rounds: number, most: number): boolean {
  const every = Math.max(1, Math.ceil(rounds / most));
  return round === 1 || round === rounds || round % every === 0;
}
