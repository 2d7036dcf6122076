import { z } from 'zod';
import { durationMs, epochMs } from './primitives.js';

/** The market's one clock: the number of ticks and the time of the last one. Both are 0 before the first. */
export const clock = z.strictObject({
  /** Ticks so far. */
  sequence: z.int().min(0),
  /** Of the last tick, milliseconds since the epoch. */
  time: epochMs,
});
/** The market's clock. */
export interface Clock extends z.infer<typeof clock> {}
export const clockAtStart: Clock = { sequence: 0, time: 0 };

/** The row that a tick writes; it has the clock's shape. */
export type TickRow = Clock;

/**
 * A deadline that began at clock sequence `sequence`. It runs from the row of the second tick after that, so hours
 * without ticks count against nobody. It keeps the market's window of that time.
 */
export const deadline = z.strictObject({
  /** Ticks of the clock when it began. */
  sequence: z.int().min(0),
  /** How long it lasts, milliseconds. */
  durationMs,
  /** Its grace, milliseconds. */
  windowMs: z.int().min(0),
});
/** A deadline, as a record has it. */
export interface Deadline extends z.infer<typeof deadline> {}

/**
 * The sequence of the row that a deadline counts from. An endorser may have signed the next tick long before the
 * deadline began, and a client may have held it back. The tick after that can only be endorsed once the next tick is
 * committed, so its time is not before the deadline's start.
 */
export const startRowOf = (of: Pick<Deadline, 'sequence'>): number => of.sequence + 2;

/** The clock time at which a deadline ends; null until the row that it counts from exists. */
export const dueAt = (of: Deadline, startRow: TickRow | null): number | null =>
  startRow === null ? null : startRow.time + of.durationMs;

/** True when clock > deadline + window. Until then an answer is in time. */
export function hasPassed(of: Deadline, now: Clock, startRow: TickRow | null): boolean {
  const due = dueAt(of, startRow);
  return due !== null && now.time > due + of.windowMs;
}

/** A deadline as people read it. `dueAt` is null until the second tick, which starts the deadline. */
export const deadlineView = z.strictObject({
  ...deadline.shape,
  /** When it falls, by the clock, milliseconds since the epoch; null until the second tick. */
  dueAt: epochMs.nullable(),
  /** Whether the clock is past it and its grace. */
  passed: z.boolean(),
});
/** A deadline, and whether it has passed. */
export interface DeadlineView extends z.infer<typeof deadlineView> {}

export const viewDeadline = (of: Deadline, now: Clock, startRow: TickRow | null): DeadlineView => ({
  ...of,
  dueAt: dueAt(of, startRow),
  passed: hasPassed(of, now, startRow),
});

/** Minimum length of a deadline, in tick periods. */
export const minPeriods = 20;
