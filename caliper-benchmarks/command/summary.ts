import type { Sample, SampleFile } from '../workloads/samples.js';
import type { Benchmark } from './benchmark.js';
import type { NetworkKind } from './networks.js';

/** What one round came to. Percentiles are of committed transactions, and null where there is none. */
export interface Run {
  readonly network: NetworkKind;
  /** The round's label. */
  readonly workload: string;
  /** Transactions in flight, of all workers together. */
  readonly clients: number;
  /** Committed transactions a second, from the first proposal to the last commit. */
  readonly tps: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly failed: number;
  /** Of the failed ones those that another transaction overtook. */
  readonly conflicts: number;
}

/** What a run of Caliper left. */
export interface Measured {
  readonly network: NetworkKind;
  readonly benchmark: Benchmark;
  readonly files: readonly SampleFile[];
  /** Ids of transactions that were committed as conflicts. */
  readonly conflicts: ReadonlySet<string>;
  /** Where Caliper's log is. */
  readonly log: string;
}

/**
 * The runs of a benchmark, a round each.
 * @throws Error for a round that did not run to its end on every worker: Caliper goes on to the next, and ends well
 */
export function runsOf({ network, benchmark, files, conflicts, log }: Measured): Run[] {
  return benchmark.rounds.map(({ label, rateControl }, index) => {
    const ofRound = files.filter(({ round }) => round === index);
    const failure = ofRound.find((file) => file.failure !== null)?.failure ?? null;
    if (failure !== null) throw new Error(`The round ${label} broke off: ${failure} (${log})`);
    if (ofRound.length < benchmark.workers)
      throw new Error(`The round ${label} did not begin on every worker; Caliper’s log says why: ${log}`);
    const samples = ofRound.flatMap((file) => file.samples);
    const failed = samples.filter(({ committed }) => !committed);
    const inConflict = failed.filter(({ transactionId }) => conflicts.has(transactionId ?? ''));
    return {
      network,
      workload: label,
      clients: rateControl.opts.transactionLoad,
      ...figuresOf(samples.filter(({ committed }) => committed)),
      failed: failed.length,
      conflicts: inConflict.length,
    };
  });
}

function figuresOf(committed: readonly Sample[]): Pick<Run, 'tps' | 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const latencies = committed.map(({ latencyMs }) => latencyMs).sort((one, other) => one - other);
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const { createdAt, latencyMs } of committed) {
    firstAt = Math.min(firstAt, createdAt);
    lastAt = Math.max(lastAt, createdAt + latencyMs);
  }
  const seconds = Math.max(1, lastAt - firstAt) / 1000;
  return {
    tps: committed.length === 0 ? 0 : rounded(committed.length / seconds),
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
  };
}

/** Nearest rank: the least latency that so many of them do not exceed. */
export const percentile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;

export const rounded = (value: number): number => Math.round(value * 100) / 100;
