import { z } from 'zod';
import { durationMs, epochMs } from './primitives.js';

/** The market's one clock: how many ticks there have been, and the last one's time. Before the first: 0 and 0. */
export const clock = z.strictObject({ sequence: z.int().min(0), time: epochMs });
export type Clock = z.infer<typeof clock>;
export const clockAtStart: Clock = { sequence: 0, time: 0 };

/** What a tick leaves behind; the same shape as the clock. */
export type TickRow = Clock;

/**
 * A deadline that was started at clock sequence `sequence`. It runs from the row of the second tick after that, so
 * hours without ticks count against nobody. The market's window at that time travels with it.
 */
export const deadline = z.strictObject({
  sequence: z.int().min(0),
  durationMs,
  windowMs: z.int().min(0),
});
export type Deadline = z.infer<typeof deadline>;

/**
 * The row that a deadline counts from. The next tick may have been endorsed long before the deadline began, and held
 * back; the one after it can only be endorsed once the next tick is committed, so its time is no older than the deadline.
 */
export const startRowOf = (of: Pick<Deadline, 'sequence'>): number => of.sequence + 2;

/** When a deadline falls, in clock time; null while the row it counts from does not exist. */
export const dueAt = (of: Deadline, startRow: TickRow | null): number | null =>
  startRow === null ? null : startRow.time + of.durationMs;

/** Passed: clock > deadline + window. Everything else is in time. */
export function hasPassed(of: Deadline, now: Clock, startRow: TickRow | null): boolean {
  const due = dueAt(of, startRow);
  return due !== null && now.time > due + of.windowMs;
}

/** A deadline as people want to read it. `dueAt` is null until the second tick, which starts it. */
export const deadlineView = z.strictObject({
  ...deadline.shape,
  dueAt: epochMs.nullable(),
  passed: z.boolean(),
});
export type DeadlineView = z.infer<typeof deadlineView>;

export const viewDeadline = (of: Deadline, now: Clock, startRow: TickRow | null): DeadlineView => ({
  ...of,
  dueAt: dueAt(of, startRow),
  passed: hasPassed(of, now, startRow),
});

/** A deadline must last at least this many tick periods. */
export const leastPeriods = 20;
