import type { Writable } from 'node:stream';
import type { Described } from './errors/describeFailure.js';
import type { Write } from '@veritrain/member/calls';
import type { Envelope, ItemLine } from './envelope.js';
import { shortDigest, visible, visibleLine } from '@veritrain/member/text';
import { wrap } from './text.js';

export const formats = ['text', 'json', 'jsonl'] as const;
export type Format = (typeof formats)[number];

/** The answer of a command when it is done. */
export interface Answer {
  /** For programs: plain JSON, digests in full. */
  data: unknown;
  /** For people: lines of at most 80 columns. */
  text: string;
  /** The elements of a list; with `jsonl` each gets a line of its own. */
  items?: readonly unknown[];
  writes?: readonly Write[];
  /** The command that usually comes next, for people. */
  next?: string;
  /** `json` prints the data as it is, without the envelope. */
  bare?: boolean;
  /** The data is printed, and then the command fails with this. */
  failure?: Described;
}

export interface OutputOptions {
  command: string;
  format: Format;
  quiet: boolean;
  stdout: Writable;
  stderr: Writable;
}

/** Data goes to stdout, everything else to stderr. Control characters are escaped. */
export class Output {
  private streamed: unknown[] = [];

  constructor(private readonly options: OutputOptions) {}

  get format(): Format {
    return this.options.format;
  }

  /** Whether only data and errors are printed. */
  get quiet(): boolean {
    return this.options.quiet;
  }

  /** A line of progress, for people. */
  progress(line: string): void {
    if (!this.options.quiet) this.tell(line);
  }

  /** One element of a stream. It is printed at once, except with `json`, which prints one object at the end. */
  item(item: unknown, text: string): void {
    if (this.format === 'text') this.print(text);
    else if (this.format === 'json') this.streamed.push(item);
    else this.line({ schemaVersion: 1, command: this.options.command, outcome: 'item', item });
  }

  answer(answer: Answer): void {
    if (answer.bare === true && this.format !== 'text') {
      this.bareAnswer(answer);
      return;
    }
    if (this.format === 'text') {
      this.textAnswer(answer);
      return;
    }
    if (this.format === 'jsonl') {
      for (const item of answer.items ?? []) this.item(item, '');
    }
    const data = this.streamed.length > 0 ? { ...asObject(answer.data), items: this.streamed } : answer.data;
    if (answer.failure === undefined) this.line(this.done(data, answer.writes ?? []));
    else this.line(this.failed(answer.failure, data));
  }

  fail(described: Described): void {
    if (this.format !== 'text') {
      this.line(this.failed(described, this.streamed.length > 0 ? { items: this.streamed } : undefined));
      return;
    }
    this.tellFailure(described);
  }

  private tellFailure({ failure }: Described): void {
    const lines = [
      ...wrap(`${failure.code} ${failure.title}: ${failure.message}`),
      ...Object.entries(failure.facts).map(([name, value]) => `  ${name}: ${visibleLine(String(value))}`),
      ...wrap(`What to do: ${failure.hint}`),
      ...(failure.transactionId === undefined ? [] : [`Transaction: ${failure.transactionId}`]),
      ...(failure.stack === undefined ? [] : [failure.stack]),
    ];
    this.tell(lines.join('\n'));
  }

  private bareAnswer({ data, failure }: Answer): void {
    this.print(JSON.stringify(data));
    if (failure !== undefined) this.tellFailure(failure);
  }

  private textAnswer({ text, writes = [], next, failure }: Answer): void {
    const told = writes.map(
      ({ transaction, transactionId, blockNumber }) =>
        `${transaction}: transaction ${shortDigest(transactionId)}, block ${blockNumber}`,
    );
    const lines = [...(text === '' ? [] : [text]), ...told.flatMap((line) => wrap(line))];
    if (lines.length > 0) this.print(lines.join('\n'));
    if (next !== undefined) this.progress(`Next: ${next}`);
    if (failure !== undefined) this.fail(failure);
  }

  private done(data: unknown, writes: readonly Write[]): Envelope {
    return {
      schemaVersion: 1,
      command: this.options.command,
      outcome: 'done',
      data,
      writes: [...writes],
    };
  }

  private failed({ failure, status }: Described, data?: unknown): Envelope {
    return {
      schemaVersion: 1,
      command: this.options.command,
      outcome: 'failed',
      exitStatus: status,
      error: failure,
      ...(data === undefined ? {} : { data }),
    };
  }

  private line(value: Envelope | ItemLine): void {
    this.print(JSON.stringify(value));
  }

  private print(text: string): void {
    this.options.stdout.write(`${visible(text)}\n`);
  }

  private tell(text: string): void {
    this.options.stderr.write(`${visible(text)}\n`);
  }
}

function asObject(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
