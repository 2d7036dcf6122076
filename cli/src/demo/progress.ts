import type { WriteStream } from 'node:tty';

/** Where progress goes: stderr, a terminal or not. */
export type ProgressStream = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

const barCharacters = 24;
const defaultColumns = 80;
const redrawMs = 200;

/**
 * Lines of progress, each with the seconds since the start. On a terminal a live line below them is written over and
 * over. There are never more lines than the budget: further ones are counted, and the end says how many.
 */
export class Progress {
  private readonly startedAt = performance.now();
  private written = 0;
  private left = 0;
  private live: { bar: string; facts: string } | undefined;
  private readonly clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: ProgressStream,
    private readonly maxLines: number,
  ) {
    // Redraws the live line, so that its seconds go on while nothing happens.
    if (stream.isTTY === true) this.clock = setInterval(() => this.draw(), redrawMs).unref();
  }

  private get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** A line that stays, with the time, a topic and facts. */
  line(topic: string, facts: string): void {
    if (this.written >= this.maxLines) {
      this.left += 1;
      return;
    }
    this.print(`${this.seconds.toFixed(1).padStart(6)} s  ${topic.padEnd(9)} ${facts}`);
  }

  /** A line without time and topic that the budget does not cut: a title, or a warning that must be seen. */
  say(text: string): void {
    this.print(text);
  }

  /** Sets the live line; without a terminal nothing is printed. */
  status(done: number, total: number, facts: string): void {
    const filled = total === 0 ? 0 : Math.round((done / total) * barCharacters);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCharacters - filled)}`;
    this.live = { bar, facts };
    this.draw();
  }

  /** Removes the live line, and says how many lines were left out. */
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

/** Whether to print a line for this round: each of a short run, about `max` of a long one, the last always. */
export function showsRound(round: number, rounds: number, max: number): boolean {
  const every = Math.max(1, Math.ceil(rounds / max));
  return round === 1 || round === rounds || round % every === 0;
}
