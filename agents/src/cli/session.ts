import { createInterface } from 'node:readline/promises';
import { AgentsError } from '../actions/agentsError.js';
import type { ActionContext } from '../actions/context.js';
import type { Member } from '../actions/member.js';
import type { Output } from './output.js';
import { columns, wrap } from './text.js';

export interface SessionOptions {
  output: Output;
  signal: AbortSignal;
  profile?: string | undefined;
  /** The user agreed beforehand, with `--yes`. */
  agreed: boolean;
}

/** Somebody sits and waits: a ledger that is not there is said to be missing soon. */
const patience = { connectMs: 3_000 };

/** One call of the command: where it prints, when it stops, and whose it is. */
export class Session {
  private opened: Promise<Member> | undefined;

  constructor(private readonly options: SessionOptions) {}

  get output(): Output {
    return this.options.output;
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }

  get profile(): string | undefined {
    return this.options.profile;
  }

  /** What an action needs beside its input. */
  get context(): ActionContext {
    return { signal: this.signal, progress: (line) => this.output.progress(line) };
  }

  /** The member whose profile this is, connected. Loaded when first asked for, closed with the session. */
  member(): Promise<Member> {
    this.opened ??= import('../actions/member.js').then(({ openMember }) =>
      openMember(this.profile, patience),
    );
    return this.opened;
  }

  /** Shows what something comes to and asks; `--yes` agrees, and without a terminal it is needed. */
  async confirm(what: readonly string[], question: string): Promise<void> {
    for (const line of what.flatMap((text) => (text.length > columns ? wrap(text) : [text]))) {
      this.output.progress(line);
    }
    if (this.options.agreed) return;
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw new AgentsError('VT9006', `${question} This needs a yes.`);
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // The prompt hears Ctrl-C in place of the process, and the end of the input would leave it waiting.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    try {
      const asked = `${wrap(question).join('\n')} [y/N] `;
      const answer = await Promise.race([terminal.question(asked, { signal: this.signal }), closed]);
      if (!/^y(es)?$/i.test(answer.trim())) {
        throw new AgentsError('VT9302', 'Nothing was done: there was no yes.', {
          hint: 'Call it again when you agree.',
        });
      }
    } finally {
      terminal.close();
    }
  }

  async close(): Promise<void> {
    const member = await this.opened?.catch(() => undefined);
    member?.close();
  }
}
