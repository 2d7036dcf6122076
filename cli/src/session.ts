import { createInterface } from 'node:readline/promises';
import type { ActionContext } from '@veritrain/member/calls';
import { memberError } from '@veritrain/member/errors';
import type { AddressBook, Member, NamedMember } from '@veritrain/member/profile';
import { commandError } from './errors/commandErrors.js';
import { type Named, namedBy } from './named.js';
import type { Output } from './output.js';
import { columns, wrap } from './text.js';
import { visible } from '@veritrain/member/text';

export interface SessionOptions {
  output: Output;
  signal: AbortSignal;
  profile?: string | undefined;
  /** The user agreed beforehand, with `--yes`. */
  agreed: boolean;
}

/** A person waits, so a missing ledger is reported soon. */
const timeouts = { connectMs: 3_000 };

/** One call of the command: its output, its signal and its profile. */
export class Session {
  private opened: Promise<Member> | undefined;
  private naming: Named = (of) => of;

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

  get context(): ActionContext {
    return { signal: this.signal, progress: (line) => this.output.progress(this.naming(line)) };
  }

  /** The member whose profile this is, connected. Loaded when first asked for, closed with the session. */
  member(): Promise<Member> {
    this.opened ??= this.open();
    return this.opened;
  }

  /** The names that this profile gives to members. @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS */
  async addressBook(): Promise<AddressBook> {
    const { AddressBook: Book } = await import('@veritrain/member/profile');
    return Book.of(this.profile);
  }

  /** Puts names beside the ids of participants, once the member is open or `showNames` was called. */
  named<T>(of: T): T {
    return this.naming(of);
  }

  /** @param own this profile’s participant, which has the profile’s name unless the address book has another */
  async showNames(own: readonly NamedMember[] = []): Promise<void> {
    const book = await this.addressBook();
    try {
      this.naming = namedBy([...own, ...book.list()]);
    } catch (error) {
      // Only people need the names, so the command goes on without.
      this.output.progress(String(error));
    }
  }

  /** The participant of an id or a name. @throws NAME_UNKNOWN */
  async idOf(idOrName: string): Promise<string> {
    return (await this.addressBook()).idOf(idOrName);
  }

  private async open(): Promise<Member> {
    const { openMember } = await import('@veritrain/member/profile');
    const member = await openMember(this.profile, timeouts);
    const { participantId, profile } = member.market;
    await this.showNames(participantId === undefined ? [] : [{ participantId, name: profile.name }]);
    return member;
  }

  /** Shows the consequences and asks. `--yes` agrees; without a terminal it is required. */
  async confirm(what: readonly string[], question: string): Promise<void> {
    for (const line of this.named(what).flatMap((text) => (text.length > columns ? wrap(text) : [text]))) {
      this.output.progress(line);
    }
    if (this.options.agreed) return;
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw memberError('VT9006', `${question} This needs a yes.`);
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // The prompt takes Ctrl-C away from the process, and does not notice the end of the input.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    try {
      const asked = visible(`${wrap(question).join('\n')} [y/N] `);
      const answer = await Promise.race([terminal.question(asked, { signal: this.signal }), closed]);
      if (!/^y(es)?$/i.test(answer.trim())) {
        throw commandError('VT9302', 'Nothing was done: there was no yes.', {
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
