import type { Command } from 'commander';
import type { TrainCouple } from '@veritrain/client-sdk';
import { z } from 'zod';
import type { Member } from '@veritrain/member/profile';
import { CoupleFacts, type Fact } from './coupleFacts.js';
import { describeCouple } from './termsText.js';
import { orSuggest } from './suggest.js';
import type { Answer } from './output.js';
import type { ProgressNotes } from './progressNotes.js';
import type { Session } from './session.js';
import { clockTime, wrap } from './text.js';
import { coupleId } from './values.js';
import { verb } from './verb.js';
import { waitTexts } from './waitingText.js';

/** `veritrain couple watch` */
export function watch(): Command {
  return verb({
    name: 'watch',
    summary: 'follow a training to its end: rounds, verdicts, the members that it waits for',
    details: [
      'It begins with the rounds so far. Watching writes nothing; stopping it stops nothing.',
      'In the model owner’s own home it also says what each round did to the model: figures on the rows that were trained on, which are estimates from the replies so far, with the number of subsets that they speak for while that is not all. Others see what is public.',
    ],
    arguments: [['<couple>', 'the training']],
    examples: [
      'veritrain couple watch tc_spring',
      'veritrain couple watch tc_spring --timeout 600 --format jsonl',
    ],
    input: z.strictObject({ couple: coupleId }),
    run: async ({ couple }, session) => {
      const { ask } = await import('@veritrain/member/calls');
      const { ProgressNotes } = await import('./progressNotes.js');
      const member = await session.member();
      const get = (): Promise<TrainCouple> => ask(member, 'GetCouple', { coupleId: couple }, session.context);
      await orSuggest(
        session,
        couple,
        get,
        ({ couples }) => couples.list,
        (known) => known.coupleId,
      );
      const notes = new ProgressNotes(member.home.couple(couple));
      await new Watch(member, couple, notes, session).run();
      return ended(await get(), session);
    },
  });
}

/** After this long without a change the watch asks whom the training waits for, ms. */
const quietMs = 1000;

class Watch {
  private readonly facts = new CoupleFacts();
  private lastWaits = '';
  private timer: NodeJS.Timeout | undefined;
  /** Set once it has been quiet: then the changes from before the watch have been read. */
  private live = false;

  constructor(
    private readonly member: Member,
    private readonly couple: string,
    private readonly notes: ProgressNotes,
    private readonly session: Session,
  ) {}

  async run(): Promise<void> {
    const { signal } = this.session;
    this.waitSoon();
    try {
      for await (const change of this.member.market.couples.watch(this.couple, { signal })) {
        if (change.type === 'RoundStarted') this.notes.await(change.attempt);
        this.notes.read().forEach((fact) => this.print(fact));
        this.facts.read(change, this.live, performance.now()).forEach((fact) => this.print(fact));
        this.waitSoon();
      }
    } finally {
      clearTimeout(this.timer);
    }
    this.notes.read().forEach((fact) => this.print(fact));
  }

  private waitSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.printWait(), quietMs);
  }

  /** A query that fails is repeated; the watch itself reports a ledger that is gone. */
  private async printWait(): Promise<void> {
    this.live = true;
    const { waiting } = await this.member.market.couples
      .view({ coupleId: this.couple }, this.session.context)
      .catch(() => ({ waiting: [] }));
    this.notes.read().forEach((fact) => this.print(fact));
    const found = waitTexts(waiting);
    const key = found.map((wait) => wait.key).join('\n');
    if (key !== this.lastWaits) found.forEach(({ text }) => this.print({ kind: 'waiting', summary: text }));
    this.lastWaits = key;
    if (!this.session.signal.aborted) this.waitSoon();
  }

  private print(fact: Fact): void {
    this.session.output.item(
      fact,
      wrap(`${clockTime(Date.now())} ${this.session.named(fact.summary)}`, 80, ' '.repeat(9)).join('\n'),
    );
  }
}

const outcomes: Readonly<Record<string, string>> = {
  finished: 'completed',
  rejected: 'rejected',
  cancelled: 'cancelled',
};

function ended(of: TrainCouple, session: Session): Answer {
  const outcome = outcomes[of.state] ?? of.state;
  const verify = `veritrain couple show ${of.coupleId} --history`;
  const next = of.state === 'finished' ? `veritrain model predict ${of.coupleId} --data <csv>` : undefined;
  return {
    data: { outcome, couple: of, verify },
    text: `Outcome: ${outcome}\n${describeCouple(session.named(of))}\nEvery step of it: ${verify}`,
    ...(next === undefined ? {} : { next }),
  };
}
