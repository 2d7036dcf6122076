import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, CommittedChange, DeadlineView } from '@veritrain/client-sdk';
import { startRowOf } from '@veritrain/client-sdk/protocol';
import type { AgentEvents, AgentWait } from './agentEvent.js';
import type { Awaited } from './awaited.js';
import { Wakeup } from './wakeup.js';
import { describeFailure, isOvertaken } from './failure.js';
import type { Logger } from './logger.js';
import type { TickNeed, Ticker } from './ticker.js';
import { endsWithin } from './timeLimit.js';
import { WorkQueue } from './workQueue.js';

/** What is left to wait for after one look at a subject. */
export interface ReconcileResult {
  waiting: readonly Awaited[];
  /** Look again after this long even if nothing happens on the ledger: something off it is awaited. */
  requeueAfterMs?: number;
}

/**
 * Does what one role asks for. A subject is the id of a record that the role may have to do something about. Looks are
 * driven by what the ledger says, not by what happened: a missed event costs a pause, a repeated one costs a look.
 */
export interface Controller {
  readonly role: string;
  /** Every subject that may need this role now. */
  list(signal: AbortSignal): Promise<readonly string[]>;
  /** The subject that a change is about, if it may give this role something to do. */
  keyOf(change: CommittedChange): string | undefined;
  /**
   * The member on whose account the subject needs a look, if it is another one: its subjects take turns with those of
   * others, so that nobody fills an agent's time.
   */
  counterpartyOf?(subject: string): string | undefined;
  /** Looks at one subject and does all that is missing. Harmless to repeat, and to break off anywhere. */
  reconcile(subject: string, signal: AbortSignal): Promise<ReconcileResult>;
}

export interface AgentLoopOptions {
  controllers: readonly Controller[];
  /** What happens on the ledger from now on. */
  changes: (signal: AbortSignal) => AsyncIterable<CommittedChange>;
  ticker: Ticker;
  events: AgentEvents;
  logger: Logger;
  signal: AbortSignal;
}

/** How often everything is looked at even if nothing happens. */
const resyncEveryMs = 10_000;
/** Resynced items yield to items with fresh events for this long. */
const yieldToEventsMs = 5_000;
const firstBackoffMs = 100;
const longestBackoffMs = 5_000;
/** Where more fail than this, each is repeated less often, up to once a minute. */
const fewFailures = 20;
const longestOfManyMs = 60_000;
/** So often in a row nobody is overtaken by chance. */
const manyOvertaken = 4;
const everything = '*';
/** What an agent does on nobody's account. */
const ownLane = '';
const ticking = '!';
/** Looks spend most of their time waiting for the ledger, so several go on at once: each at a subject of its own. */
const mostLooks = 6;
/** Looks that hang on one counterparty, or that failed before, leave the others to the rest. */
const mostOfOneLane = 4;
const mostFailing = 2;
/** Who is told to stop stops, whatever hangs. */
const stopWithinMs = 3_000;

/** Runs an agent until its signal fires. A look that fails is repeated by itself, and holds up no other. */
export class AgentLoop {
  private readonly queue = new WorkQueue((subject) => this.laneOf(subject));
  private readonly wakeup = new Wakeup();
  private readonly looking = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, number>();
  private readonly waiting = new Map<string, readonly Awaited[]>();
  private started = false;

  constructor(private readonly options: AgentLoopOptions) {}

  /** Once its signal fires it returns within seconds, whatever hangs. */
  async run(): Promise<void> {
    const { signal, events } = this.options;
    const listening = this.listen();
    this.queue.add(everything, now());
    while (!signal.aborted) {
      const subject = this.looking.size < mostLooks ? this.queue.take(now(), this.mayLook()) : undefined;
      if (subject === undefined) await this.pause();
      else this.looking.set(subject, this.look(subject));
    }
    const isWhole = await endsWithin(stopWithinMs, [...this.looking.values(), listening]);
    const unfinished = isWhole ? [] : [...this.looking.keys()].map((subject) => split(subject)[1]);
    events.emit({ kind: 'stopped', unfinished });
  }

  private async look(subject: string): Promise<void> {
    const { signal } = this.options;
    try {
      if (subject === everything) await this.resync();
      else await this.reconcile(subject);
      this.failures.delete(subject);
    } catch (error) {
      if (!signal.aborted) this.retryLater(subject, error);
    }
    this.looking.delete(subject);
    this.wakeup.ring();
  }

  /** A call, since it changes while one awaits. */
  private stopped(): boolean {
    return this.options.signal.aborted;
  }

  /** Which subjects may be looked at beside those that are being looked at. */
  private mayLook(): (subject: string) => boolean {
    const current = [...this.looking.keys()];
    const lanes = current.map((subject) => this.laneOf(subject));
    const isFull = current.filter((subject) => this.failures.has(subject)).length >= mostFailing;
    return (subject) => {
      if (this.looking.has(subject)) return false;
      if (isFull && subject !== everything && this.failures.has(subject)) return false;
      const lane = this.laneOf(subject);
      return lane === ownLane || lanes.filter((each) => each === lane).length < mostOfOneLane;
    };
  }

  private laneOf(subject: string): string {
    const [index, id] = split(subject);
    const counterparty = this.options.controllers[index]?.counterpartyOf?.(id);
    return counterparty === undefined ? ownLane : key(index, counterparty);
  }

  /** One role whose resync fails holds up no other. */
  private async resync(): Promise<void> {
    const { controllers, signal, events } = this.options;
    const resyncs = await Promise.allSettled(controllers.map((each) => each.list(signal)));
    for (const [index, resync] of resyncs.entries()) {
      if (resync.status === 'rejected') continue;
      for (const subject of resync.value) this.resynced(key(index, subject));
    }
    for (const resync of resyncs) if (resync.status === 'rejected') throw resync.reason;
    this.queue.add(everything, now() + resyncEveryMs);
    if (!this.started) events.emit({ kind: 'started', roles: controllers.map(({ role }) => role) });
    this.started = true;
  }

  /** What failed has a time of its own already. */
  private resynced(subject: string): void {
    if (!this.failures.has(subject)) this.queue.add(subject, now(), yieldToEventsMs);
  }

  private async reconcile(subject: string): Promise<void> {
    const [index, id] = split(subject);
    const controller = this.options.controllers[index];
    if (controller === undefined) return;
    const { waiting, requeueAfterMs } = await controller.reconcile(id, this.options.signal);
    if (waiting.length === 0) this.waiting.delete(subject);
    else this.waiting.set(subject, waiting);
    if (requeueAfterMs !== undefined) this.queue.add(subject, now() + requeueAfterMs);
  }

  private retryLater(subject: string, error: unknown): void {
    const count = (this.failures.get(subject) ?? 0) + 1;
    this.failures.set(subject, count);
    this.queue.add(
      subject,
      now() + Math.min(this.longestBackoff(), firstBackoffMs * 2 ** Math.min(count - 1, 16)),
    );
    this.options.events.emit({
      kind: 'failed',
      ...describeFailure(error),
      subject,
      failures: count,
      isOvertaken: isOvertaken(error) && count < manyOvertaken,
    });
  }

  private longestBackoff(): number {
    return Math.min(longestOfManyMs, longestBackoffMs * Math.max(1, this.failures.size / fewFailures));
  }

  /** Waits until something is due, and ticks meanwhile if a deadline is awaited. */
  private async pause(): Promise<void> {
    const { signal, ticker, events } = this.options;
    const waits = [...this.waiting].flatMap(([subject, list]) => list.map((wait) => ({ subject, wait })));
    const deadlines = waits.flatMap(({ wait: { until } }) => (until === null || until.passed ? [] : [until]));
    events.emit({ kind: 'waiting', isIdle: this.looking.size === 0, waiting: waits.map(toAgentWait) });
    const full = this.looking.size >= mostLooks;
    const nextWork = (full ? undefined : this.queue.nextAt(this.mayLook())) ?? now() + resyncEveryMs;
    const mayTick = deadlines.length > 0 && !this.looking.has(ticking);
    const nextTick = mayTick ? ticker.nextAt(needOf(deadlines)) : Infinity;
    if (nextTick <= now()) this.looking.set(ticking, this.tick());
    else await this.wakeup.wait(Math.max(0, Math.min(nextWork, nextTick) - now()), signal);
  }

  private async tick(): Promise<void> {
    const { signal, ticker, logger } = this.options;
    try {
      await ticker.tick(now(), signal);
    } catch (error) {
      if (!signal.aborted) logger.debug(describeFailure(error), 'no tick');
    }
    this.looking.delete(ticking);
    this.wakeup.ring();
  }

  private async listen(): Promise<void> {
    const { signal, logger, changes } = this.options;
    while (!signal.aborted) {
      try {
        for await (const change of changes(signal)) this.notice(change);
      } catch (error) {
        if (!this.stopped()) logger.debug(describeFailure(error), 'events interrupted');
      }
      await delay(500, undefined, { signal }).catch(() => undefined);
      this.queue.add(everything, now());
      this.wakeup.ring();
    }
  }

  private notice(change: CommittedChange): void {
    if (change.type === 'ClockTicked') {
      this.options.ticker.observe(now());
      this.wakeThoseDue(change);
      return;
    }
    for (const [index, controller] of this.options.controllers.entries()) {
      const subject = controller.keyOf(change);
      if (subject === undefined) continue;
      this.queue.add(key(index, subject), now());
      this.wakeup.ring();
    }
  }

  /** A tick matters to those whose deadline it passes, or starts. */
  private wakeThoseDue(clock: Clock): void {
    for (const [subject, list] of this.waiting) {
      if (!list.some(({ until }) => until !== null && changesBy(until, clock))) continue;
      this.queue.add(subject, now());
      this.wakeup.ring();
    }
  }
}

const now = (): number => performance.now();

/** Whether a deadline starts or passes with this tick. */
const changesBy = (until: DeadlineView, { sequence, time }: Clock): boolean =>
  until.dueAt === null ? sequence >= startRowOf(until) : !until.passed && time > until.dueAt + until.windowMs;

function needOf(deadlines: readonly DeadlineView[]): TickNeed {
  const isDue = deadlines.some(({ dueAt, windowMs }) => dueAt !== null && Date.now() > dueAt + windowMs);
  if (isDue) return 'due';
  return deadlines.some(({ dueAt }) => dueAt === null) ? 'start' : 'nothing';
}

const key = (index: number, subject: string): string => `${index.toString()}/${subject}`;

function split(subject: string): [number, string] {
  const at = subject.indexOf('/');
  return [Number(subject.slice(0, at)), subject.slice(at + 1)];
}

function toAgentWait({ subject, wait }: { subject: string; wait: Awaited }): AgentWait {
  const { kind, attempt, subsetIndex, code, whom, until } = wait;
  const dueAt = until?.dueAt ?? null;
  return {
    subject: split(subject)[1],
    kind,
    attempt,
    subsetIndex,
    whom: [...whom],
    ...(code === undefined ? {} : { code }),
    until: dueAt === null ? null : new Date(dueAt).toISOString(),
  };
}
