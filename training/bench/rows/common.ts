import type { ModelMetric, Table } from '@veritrain/training';
import { figureOf } from '../support/figures.js';
import type { Both } from '../support/sideBySide.js';
import { median } from '../support/median.js';
import type { Times } from '../support/stopwatch.js';
import type { Measured } from './benchmark.js';

/** What the messages of some runs say. */
export function messagesOf(runs: readonly Both[]): Pick<Measured, 'bytesUp' | 'bytesDown' | 'precisionBits'> {
  const encrypted = runs.map((run) => run.encrypted);
  const bits = encrypted.flatMap(({ precisionBits }) => precisionBits ?? []);
  return {
    bytesUp: Math.max(...encrypted.map(({ bytesUp }) => bytesUp)),
    bytesDown: Math.max(...encrypted.map(({ bytesDown }) => bytesDown)),
    precisionBits: bits.length === 0 ? null : Math.min(...bits),
  };
}

/** Medians of wall clock and of processor time, each for itself. */
export function medianTimes(times: readonly Times[]): Times {
  return {
    seconds: median(times.map(({ seconds }) => seconds)),
    cpuSeconds: median(times.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

/** A part of a time. */
export function share({ seconds, cpuSeconds }: Times, parts: number): Times {
  return { seconds: seconds / parts, cpuSeconds: cpuSeconds / parts };
}

/**
 * One subset's share of a round, of the rounds behind the first ones, which owe set-ups or encode matrices.
 * @param after how many rounds are left out
 * @param drawn subsets of a round
 */
export function stepTimes(
  all: readonly Both[],
  side: keyof Both,
  { after, drawn }: { readonly after: number; readonly drawn: number },
): Times {
  return share(medianTimes(all.flatMap((both) => both[side].rounds.slice(after))), drawn);
}

/** A figure of the last models of a run, on the rows of a table. */
export function lastFigures(
  name: ModelMetric['name'],
  table: Table,
  both: Both | undefined,
): Pick<Measured, 'encrypted' | 'plain'> {
  return {
    encrypted: figureOf(name, table, both?.encrypted.models.at(-1)),
    plain: figureOf(name, table, both?.plain.models.at(-1)),
  };
}

/** 0, 1, 2, …: the targets of so many classes. */
export function classNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** The runs, one after the other. */
export async function repeat<Value>(count: number, run: (index: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for (let index = 0; index < count; index++) values.push(await run(index));
  return values;
}
