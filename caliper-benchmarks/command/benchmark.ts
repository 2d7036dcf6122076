import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { wrongArgument } from './arguments.js';
import { command } from './options.js';
import { workspace } from './workspace.js';

const round = z.looseObject({
  label: z.string(),
  txDuration: z.number().optional(),
  txNumber: z.number().optional(),
  rateControl: z.looseObject({
    opts: z.looseObject({
      transactionLoad: z.int().optional(),
      /** Of Caliper's own `fixed-rate`: transactions a second, over all workers. */
      tps: z.number().positive().optional(),
    }),
  }),
  workload: z.looseObject({ arguments: z.record(z.string(), z.unknown()).optional() }),
});

const benchmarkFile = z.looseObject({
  test: z.looseObject({ workers: z.looseObject({ number: z.int() }), rounds: z.array(round).min(1) }),
});

export type Round = z.output<typeof round>;

/** A benchmark configuration of Caliper. */
export interface Benchmark {
  /** The name of its file without the extension. */
  readonly name: string;
  readonly workers: number;
  readonly rounds: readonly Round[];
  /** The configuration for Caliper. */
  readonly yaml: string;
}

/** Reads a benchmark of this package. @param name of its file without the extension */
export function readBenchmark(name: string): Benchmark {
  const yaml = readFileSync(join(workspace, 'benchmarks', `${name}.yaml`), 'utf8');
  const { test } = benchmarkFile.parse(parse(yaml));
  return { name, workers: test.workers.number, rounds: test.rounds, yaml };
}

/**
 * The benchmarks with only the requested rounds.
 * @param only labels of rounds; undefined for all
 * @throws WRONG_ARGUMENT for a label that no round has
 */
export function onlyRounds(all: readonly Benchmark[], only?: readonly string[]): Benchmark[] {
  if (only === undefined) return [...all];
  const labels = new Set(all.flatMap(({ rounds }) => rounds.map(({ label }) => label)));
  const unknown = only.find((label) => !labels.has(label));
  if (unknown !== undefined)
    throw wrongArgument(command, `--only: there is no round ${unknown}; there are ${[...labels].join(', ')}`);
  return all
    .map((benchmark) => roundsOf(benchmark, (label) => only.includes(label)))
    .filter(({ rounds }) => rounds.length > 0);
}

/** The benchmark with only some of its rounds. */
export function roundsOf(benchmark: Benchmark, isAsked: (label: string) => boolean): Benchmark {
  const rounds = benchmark.rounds.filter(({ label }) => isAsked(label));
  const { test } = benchmarkFile.parse(parse(benchmark.yaml));
  return { ...benchmark, rounds, yaml: stringify({ test: { ...test, rounds } }) };
}

const maxDescribed = 4;

/** Describes the rounds, such as `noop (5 s, 40 in flight)`, or counts them if there are many. */
export const describeRounds = ({ name, rounds }: Benchmark): string =>
  rounds.length > maxDescribed ? `${name} (${rounds.length} rounds)` : rounds.map(describeRound).join(', ');

function describeRound({ label, txDuration, txNumber, rateControl: { opts } }: Round): string {
  const amount = txDuration === undefined ? `${txNumber ?? 0} transactions` : `${txDuration} s`;
  const rate = opts.tps === undefined ? `${opts.transactionLoad ?? 0} in flight` : `${opts.tps} a second`;
  return `${label} (${amount}, ${rate})`;
}
