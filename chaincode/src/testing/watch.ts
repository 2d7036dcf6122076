import {
  hasPassed,
  roundDeadline,
  roundPhases,
  startRowOf,
  clockAtStart,
  type Deadline,
  type MarketChange,
} from '../domain/index.js';
import { records } from '../ledger/collections.js';
import type { TestMarket } from './market.js';
import { recordsOf } from './records.js';

interface Seen {
  readonly deadline: Deadline;
  /** When it was committed, in real time that everybody shares, ms since the epoch. */
  readonly at: number;
}

/** The key of the deadline that a change accuses a participant of missing, or null. */
function lateness(change: MarketChange): string | null {
  if (change.type === 'JoinExpired') return `verify/${change.instanceId}/${change.generation}`;
  if (change.type === 'RoundExpired') return `start/${change.coupleId}/${change.attempt}`;
  if (change.type !== 'ConductRecorded') return null;
  const { kind, coupleId, attempt } = change;
  const phase = { absent: 'commit', lateDraw: 'start', unclosed: 'close' }[kind as string];
  return phase === undefined ? null : `${phase}/${coupleId}/${attempt}`;
}

/** Remembers when each deadline of a market began in real time, which the ledger does not know. */
export class DeadlineWatch {
  private readonly seen = new Map<string, Seen>();

  private constructor(private readonly market: TestMarket) {}

  static async start(market: TestMarket): Promise<DeadlineWatch> {
    const watch = new DeadlineWatch(market);
    await watch.look();
    return watch;
  }

  /**
   * Reads the ledger after a commit.
   * @returns the deadlines that passed, or were treated as passed, too early
   */
  async look(): Promise<string[]> {
    const { ledger } = this.market;
    for (const [key, deadline] of [...this.written(), ...(await this.idle())])
      if (!this.seen.has(key)) this.seen.set(key, { deadline, at: ledger.now });
    const passed = [...this.seen].filter(([key, { deadline }]) => this.passed(deadline) && !this.isOver(key));
    const judged = ledger.changes.splice(0).flatMap((change) => {
      const key = lateness(change);
      return key === null || this.isOver(key) ? [] : [`${change.type} of ${key}`];
    });
    return [...passed.map(([key]) => `${key} passed`), ...judged];
  }

  /** Whether its whole duration has passed. A tick may be a window behind the time at which it was made. */
  private isOver(key: string): boolean {
    const found = this.seen.get(key);
    if (found === undefined) throw new Error(`the watch did not see ${key} begin`);
    return this.market.ledger.now > found.at + found.deadline.durationMs - found.deadline.windowMs;
  }

  private passed(deadline: Deadline): boolean {
    const { ledger } = this.market;
    const rows = recordsOf(ledger, records.tick).map(({ value }) => value);
    const row = rows.find(({ sequence }) => sequence === startRowOf(deadline)) ?? null;
    return hasPassed(deadline, recordsOf(ledger, records.clock)[0]?.value ?? clockAtStart, row);
  }

  private written(): [string, Deadline][] {
    const { ledger } = this.market;
    const found: [string, Deadline | null][] = [];
    for (const { value } of recordsOf(ledger, records.instance)) {
      const slot = `${value.instanceId}/${value.generation}`;
      found.push([`verify/${slot}`, value.verifyDeadline], [`notice/${slot}`, value.leaveDeadline]);
    }
    for (const { value } of recordsOf(ledger, records.couple))
      found.push([`answer/${value.coupleId}`, value.answerDeadline]);
    for (const { value } of recordsOf(ledger, records.round)) {
      const { coupleId, attempt, startDeadline, deadlines } = value;
      found.push([`start/${coupleId}/${attempt}`, startDeadline]);
      if (deadlines === null) continue;
      for (const phase of roundPhases)
        found.push([`${phase}/${coupleId}/${attempt}`, roundDeadline(deadlines, phase)]);
    }
    return found.flatMap(([key, deadline]) => (deadline === null ? [] : [[key, deadline]]));
  }

  private async idle(): Promise<[string, Deadline][]> {
    const found: [string, Deadline][] = [];
    for (const { value } of recordsOf(this.market.ledger, records.couple)) {
      if (value.state !== 'approved') continue;
      const { coupleId } = value;
      const { waiting } = await this.market.query('GetCoupleView', { coupleId });
      for (const { thenAnyone, until } of waiting)
        if (thenAnyone === 'CancelTraining' && until !== null)
          found.push([`idle/${coupleId}/${until.sequence}`, until]);
    }
    return found;
  }
}
