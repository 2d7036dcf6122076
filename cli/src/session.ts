import { createInterface } from 'node:readline/promises';
import type { ActionContext } from '@veritrain/member/calls';
import { memberError } from '@veritrain/member/errors';
import type { AddressBook, Member, NamedMember } from '@veritrain/member/profile';
import { commandError } from './errors/commandError.js';
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

/** Somebody sits and waits: a ledger that is not there is said to be missing soon. */
const patience = { connectMs: 3_000 };

/** One call of the command: where it prints, when it stops, and whose it is. */
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

  /** What an action needs beside its input. */
  get context(): ActionContext {
    return { signal: this.signal, progress: (line) => this.output.progress(this.naming(line)) };
  }

  /** The member whose profile this is, connected. Loaded when first asked for, closed with the session. */
  member(): Promise<Member> {
    this.opened ??= this.open();
    return this.opened;
  }

  /** The names that this profile's people gave to members. @throws PROFILE_UNKNOWN, PROFILE_AMBIGUOUS */
  async addressBook(): Promise<AddressBook> {
    const [{ AddressBook: Book, profileFolder }, { MemberHome }] = await Promise.all([
      import('@veritrain/member/profile'),
      import('@veritrain/member/home'),
    ]);
    return new Book(new MemberHome(profileFolder(this.profile)));
  }

  /** The same with names beside the ids of participants, for people: once the member is open, or `showNames` was called. */
  named<T>(of: T): T {
    return this.naming(of);
  }

  /** @param own this profile’s participant, which is called like the profile unless it has another name */
  async showNames(own: readonly NamedMember[] = []): Promise<void> {
    const book = await this.addressBook();
    try {
      this.naming = namedBy([...own, ...book.list()]);
    } catch (error) {
      // People miss the names; nothing else needs them.
      this.output.progress(String(error));
    }
  }

  /** The participant of an id or a name. @throws NAME_UNKNOWN */
  async idOf(idOrName: string): Promise<string> {
    return (await this.addressBook()).idOf(idOrName);
  }

  private async open(): Promise<Member> {
    const { openMember } = await import('@veritrain/member/profile');
    const member = await openMember(this.profile, patience);
    const { participantId, profile } = member.market;
    await this.showNames(participantId === undefined ? [] : [{ participantId, name: profile.name }]);
    return member;
  }

  /** Shows what something comes to and asks; `--yes` agrees, and without a terminal it is needed. */
  async confirm(what: readonly string[], question: string): Promise<void> {
    for (const line of this.named(what).flatMap((text) => (text.length > columns ? wrap(text) : [text]))) {
      this.output.progress(line);
    }
    if (this.options.agreed) return;
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw memberError('VT9006', `${question} This needs a yes.`);
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // The prompt hears Ctrl-C in place of the process, and the end of the input would leave it waiting.
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
