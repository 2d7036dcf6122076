import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { wrongArgument } from './arguments.js';
import { command } from './options.js';

const round = z.looseObject({
  label: z.string(),
  txDuration: z.number().optional(),
  txNumber: z.number().optional(),
  rateControl: z.looseObject({ opts: z.looseObject({ transactionLoad: z.int() }) }),
});

const benchmarkFile = z.looseObject({
  test: z.looseObject({ workers: z.looseObject({ number: z.int() }), rounds: z.array(round).min(1) }),
});

/** A benchmark configuration of Caliper's. */
export interface Benchmark {
  /** Of its file, without the extension. */
  readonly name: string;
  readonly workers: number;
  readonly rounds: readonly z.output<typeof round>[];
  /** What Caliper is given. */
  readonly yaml: string;
}

/** In the order in which they run on each network. */
const plans = {
  quick: ['quick', 'quick-alone'],
  full: ['compare', 'alone', 'transactions'],
} as const;

/**
 * The benchmarks of a plan, with the rounds that are asked for.
 * @param folder holds the configurations
 * @throws AgentsError WRONG_ARGUMENT for a label that no round has
 */
export function readBenchmarks(
  folder: string,
  plan: keyof typeof plans,
  only?: readonly string[],
): Benchmark[] {
  const all = plans[plan].map((name) => readBenchmark(folder, name));
  if (only === undefined) return all;
  const labels = new Set(all.flatMap(({ rounds }) => rounds.map(({ label }) => label)));
  const unknown = only.find((label) => !labels.has(label));
  if (unknown !== undefined)
    throw wrongArgument(command, `--only: there is no round ${unknown}; there are ${[...labels].join(', ')}`);
  return all.map((benchmark) => reduced(benchmark, only)).filter(({ rounds }) => rounds.length > 0);
}

function readBenchmark(folder: string, name: string): Benchmark {
  const yaml = readFileSync(join(folder, `${name}.yaml`), 'utf8');
  const { test } = benchmarkFile.parse(parse(yaml));
  return { name, workers: test.workers.number, rounds: test.rounds, yaml };
}

function reduced(benchmark: Benchmark, only: readonly string[]): Benchmark {
  const rounds = benchmark.rounds.filter(({ label }) => only.includes(label));
  const { test } = benchmarkFile.parse(parse(benchmark.yaml));
  return { ...benchmark, rounds, yaml: stringify({ test: { ...test, rounds } }) };
}

/** The rounds in words, such as `noop (5 s, 40 in flight)`. */
export const describeRounds = ({ rounds }: Benchmark): string =>
  rounds
    .map(({ label, txDuration, txNumber, rateControl }) => {
      const amount = txDuration === undefined ? `${txNumber ?? 0} transactions` : `${txDuration} s`;
      return `${label} (${amount}, ${rateControl.opts.transactionLoad} in flight)`;
    })
    .join(', ');
