import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, CommittedChange, DeadlineView } from '@veritrain/client-sdk';
import { startRowOf } from '@veritrain/client-sdk/protocol';
import type { AgentEvents, AgentWait, Awaited } from './agentEvent.js';
import { pauseMs } from './backoff.js';
import { Wakeup } from './wakeup.js';
import { describeFailure, isOvertaken } from './failure.js';
import type { Logger } from './logger.js';
import type { TickNeed, Ticker } from './ticker.js';
import { endsWithin } from './timeLimit.js';
import { WorkQueue } from './workQueue.js';

/** What is left to wait for after one reconcile of a subject. */
export interface ReconcileResult {
  waiting: readonly Awaited[];
  /** Reconcile again after this long even if nothing happens on the ledger: an object off it is awaited. */
  requeueAfterMs?: number;
}

/** A wake that can wait, or that an earlier reconcile can make needless. */
export interface Wake {
  readonly subject: string;
  /** It can wait for so long: what the change gives it to do goes well with what the next change brings. */
  readonly afterMs?: number;
  /** Whether an earlier reconcile has done by now what the change gave it to do. */
  readonly isMoot?: () => boolean;
}

/**
 * Does the work of one role. A subject is the id of a record that may need the role. A reconcile goes by the state of the
 * ledger, not by the event that woke it: a missed event costs a delay, a repeated one costs a reconcile.
 */
export interface Controller {
  readonly role: string;
  /** Lists every subject that may need this role now. */
  list(signal: AbortSignal): Promise<readonly string[]>;
  /** The subject of a change, if the change may give this role work. */
  keyOf(change: CommittedChange): string | Wake | undefined;
  /**
   * The other member that the subject is for, if there is one. The subjects of one member take turns with those of
   * others, so that no member takes all of an agent's time.
   */
  counterpartyOf?(subject: string): string | undefined;
  /** Does all that is missing for one subject. It may be repeated, and interrupted at any point. */
  reconcile(subject: string, signal: AbortSignal): Promise<ReconcileResult>;
}

export interface AgentLoopOptions {
  controllers: readonly Controller[];
  /** Changes of the ledger from now on. */
  changes: (signal: AbortSignal) => AsyncIterable<CommittedChange>;
  ticker: Ticker;
  events: AgentEvents;
  logger: Logger;
  signal: AbortSignal;
}

/** How often every subject is reconciled even if nothing happens. */
const resyncEveryMs = 10_000;
/** Resynced items yield to items with fresh events for this long. */
const yieldToEventsMs = 5_000;
const firstBackoffMs = 100;
const maxBackoffMs = 5_000;
/** When more subjects than this fail, each is retried less often, up to once a minute. */
const fewFailures = 20;
const maxBackoffOfManyMs = 60_000;
/** From this many times in a row on, being overtaken is no chance any more, and is reported as a failure. */
const manyOvertaken = 4;
const everything = '*';
/** The lane of subjects without a counterparty. */
const ownLane = '';
const ticking = '!';
/** Reconciles mostly wait for the ledger, so several run at once, each for another subject. */
const maxConcurrent = 6;
/** Subjects of one counterparty, and subjects that failed before, never fill all places. */
const maxOfOneLane = 4;
const maxFailing = 2;
/** An agent that is told to stop waits this long for what still runs. */
const stopWithinMs = 3_000;

/** Runs an agent until its signal fires. A reconcile that fails is retried and holds up no other. */
export class AgentLoop {
  private readonly queue = new WorkQueue((subject) => this.laneOf(subject));
  private readonly wakeup = new Wakeup();
  /** The reconciles that run, by subject. */
  private readonly running = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, number>();
  private readonly waiting = new Map<string, readonly Awaited[]>();
  private started = false;

  constructor(private readonly options: AgentLoopOptions) {}

  /** Returns within seconds of its signal, whatever hangs. */
  async run(): Promise<void> {
    const { signal, events } = this.options;
    const listening = this.listen();
    this.queue.add(everything, now());
    while (!signal.aborted) {
      const subject = this.running.size < maxConcurrent ? this.queue.take(now(), this.mayStart()) : undefined;
      if (subject === undefined) await this.pause();
      else this.running.set(subject, this.runOne(subject));
    }
    const isWhole = await endsWithin(stopWithinMs, [...this.running.values(), listening]);
    const unfinished = isWhole ? [] : [...this.running.keys()].map((subject) => split(subject)[1]);
    events.emit({ kind: 'stopped', unfinished });
  }

  private async runOne(subject: string): Promise<void> {
    const { signal } = this.options;
    try {
      if (subject === everything) await this.resync();
      else await this.reconcile(subject);
      this.failures.delete(subject);
    } catch (error) {
      if (!signal.aborted) this.retryLater(subject, error);
    }
    this.running.delete(subject);
    this.wakeup.ring();
  }

  /** A method, because the compiler would take a property for unchanged across an await. */
  private stopped(): boolean {
    return this.options.signal.aborted;
  }

  /** Which subjects may run beside those that run now. */
  private mayStart(): (subject: string) => boolean {
    const current = [...this.running.keys()];
    const lanes = current.map((subject) => this.laneOf(subject));
    const isFull = current.filter((subject) => this.failures.has(subject)).length >= maxFailing;
    return (subject) => {
      if (this.running.has(subject)) return false;
      if (isFull && subject !== everything && this.failures.has(subject)) return false;
      const lane = this.laneOf(subject);
      return lane === ownLane || lanes.filter((each) => each === lane).length < maxOfOneLane;
    };
  }

  private laneOf(subject: string): string {
    const [index, id] = split(subject);
    const counterparty = this.options.controllers[index]?.counterpartyOf?.(id);
    return counterparty === undefined ? ownLane : key(index, counterparty);
  }

  /** A role whose list fails holds up no other. */
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

  /** A subject that failed is queued already, for its retry. */
  private resynced(subject: string): void {
    if (!this.failures.has(subject)) this.queue.add(subject, now(), { yieldMs: yieldToEventsMs });
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
    this.queue.add(subject, now() + pauseMs(count - 1, firstBackoffMs, this.maxBackoff()));
    this.options.events.emit({
      kind: 'failed',
      ...describeFailure(error),
      subject,
      failures: count,
      isOvertaken: isOvertaken(error) && count < manyOvertaken,
    });
  }

  private maxBackoff(): number {
    return Math.min(maxBackoffOfManyMs, maxBackoffMs * Math.max(1, this.failures.size / fewFailures));
  }

  /** Waits until a subject is due, and ticks meanwhile if a deadline is awaited. */
  private async pause(): Promise<void> {
    const { signal, ticker, events } = this.options;
    const waits = [...this.waiting].flatMap(([subject, list]) => list.map((wait) => ({ subject, wait })));
    const deadlines = waits.flatMap(({ wait: { until } }) => (until === null || until.passed ? [] : [until]));
    events.emit({ kind: 'waiting', isIdle: this.running.size === 0, waiting: waits.map(toAgentWait) });
    const full = this.running.size >= maxConcurrent;
    const nextWork = (full ? undefined : this.queue.nextAt(this.mayStart())) ?? now() + resyncEveryMs;
    const mayTick = deadlines.length > 0 && !this.running.has(ticking);
    const nextTick = mayTick ? ticker.nextAt(needOf(deadlines)) : Infinity;
    if (nextTick <= now()) this.running.set(ticking, this.tick());
    else await this.wakeup.wait(Math.max(0, Math.min(nextWork, nextTick) - now()), signal);
  }

  private async tick(): Promise<void> {
    const { signal, ticker, logger } = this.options;
    try {
      await ticker.tick(now(), signal);
    } catch (error) {
      if (!signal.aborted) logger.debug(describeFailure(error), 'no tick');
    }
    this.running.delete(ticking);
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
      const woken = controller.keyOf(change);
      if (woken === undefined) continue;
      const { subject, afterMs = 0, isMoot }: Wake = typeof woken === 'string' ? { subject: woken } : woken;
      this.queue.add(key(index, subject), now() + afterMs, { isMoot });
      this.wakeup.ring();
    }
  }

  /** Wakes the subjects with a deadline that this tick passes or starts. */
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
