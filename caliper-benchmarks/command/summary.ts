import { z } from 'zod';
import type { Sample, SampleFile } from '../workloads/samples.js';
import { conflictsByKind, totalsOf, type BlockSum } from './blocks/sumBlocks.js';
import type { Benchmark, Round } from './benchmark.js';
import { networkKinds, type Site } from './networks.js';
import { percentile } from './percentile.js';
import type { ProcessorTimes } from './processorTimes.js';

/** The results of one round. Percentiles are of committed transactions, and null without any. */
export const runSchema = z.strictObject({
  /** `postgres`: the replayed records of a run. */
  network: z.enum([...networkKinds, 'postgres']),
  /** The round's label. */
  workload: z.string(),
  /** Transactions in flight, over all workers; null at a fixed send rate. */
  clients: z.int().nullable(),
  /** Committed transactions a second, from the first proposal to the last commit. */
  tps: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** Committed transactions. */
  transactions: z.int(),
  failed: z.int(),
  /** The failed transactions whose reads another transaction made stale. */
  conflicts: z.int(),
  /**
   * The parameters that distinguish it from runs of the same workload: the site, and numbers of the round's
   * configuration.
   */
  parameters: z.record(z.string(), z.number()),
  /** The number of conflicts by kinds of records, such as `{ "clock": 4, "clock+couple": 1 }`. */
  conflictKinds: z.record(z.string(), z.int()).optional(),
  /** Bytes of blocks, and of written keys and values, for each valid transaction. */
  blockBytes: z.number().optional(),
  stateBytes: z.number().optional(),
  /** For a benchmark of one couple: median latency of each tenth of the committed transactions, in order. */
  tenthsMs: z.array(z.number()).optional(),
  /**
   * Milliseconds of processor time for each committed transaction, by kind of process, including Caliper's start. Only
   * for benchmarks with one round, on Linux.
   */
  cpuMs: z.record(z.string(), z.number()).optional(),
});
export type Run = z.infer<typeof runSchema>;

/** The output of a Caliper run. */
export interface Measured {
  readonly site: Site;
  readonly benchmark: Benchmark;
  readonly files: readonly SampleFile[];
  /** The content of the blocks, by the number of the round. */
  readonly blocks: ReadonlyMap<number, BlockSum>;
  /** Only for a benchmark with one round, since processor times cannot be split by round. */
  readonly processorTimes?: ProcessorTimes | undefined;
  /** The path of Caliper's log. */
  readonly log: string;
}

/**
 * The runs of a benchmark, one for each round.
 * @throws Error for a round that some worker did not complete: Caliper continues with the next round and reports
 * success
 */
export function runsOf({ site, benchmark, files, blocks, processorTimes, log }: Measured): Run[] {
  const conflicts = new Map(
    [...blocks.values()].flatMap((sum) => sum.conflicts.map((each) => [each.transactionId, each])),
  );
  return benchmark.rounds.map((round, index) => {
    const { label } = round;
    const { opts } = round.rateControl;
    const ofRound = files.filter(({ round }) => round === index);
    const failure = ofRound.find((file) => file.failure !== null)?.failure ?? null;
    if (failure !== null) throw new Error(`The round ${label} was aborted: ${failure} (${log})`);
    if (ofRound.length < benchmark.workers)
      throw new Error(
        `The round ${label} did not begin on every worker; Caliper’s log has the reason: ${log}`,
      );
    const samples = ofRound.flatMap((file) => file.samples);
    const failed = samples.filter(({ committed }) => !committed);
    const committed = samples.filter((each) => each.committed);
    const inConflict = failed.flatMap(({ transactionId }) => conflicts.get(transactionId ?? '') ?? []);
    return {
      network: site.kind,
      workload: label,
      clients: opts.transactionLoad ?? null,
      ...figuresOf(committed),
      failed: failed.length,
      conflicts: inConflict.length,
      parameters: parametersOf(site, round),
      ...(inConflict.length === 0 ? {} : { conflictKinds: conflictsByKind(inConflict) }),
      ...bytesOf(blocks.get(index)),
      ...(round.workload.arguments?.couples === 1 ? { tenthsMs: tenthsOf(committed) } : {}),
      ...cpuOf(processorTimes, committed.length),
    };
  });
}

/** Per valid transaction. */
function bytesOf(sum: BlockSum | undefined): Pick<Run, 'blockBytes' | 'stateBytes'> {
  if (sum === undefined) return {};
  const { transactions, stateBytes } = totalsOf(sum);
  if (transactions === 0) return {};
  return {
    blockBytes: Math.round(sum.blockBytes / transactions),
    stateBytes: Math.round(stateBytes / transactions),
  };
}

/** Per committed transaction. */
function cpuOf(times: ProcessorTimes | undefined, committed: number): Pick<Run, 'cpuMs'> {
  const kinds = Object.entries(times ?? {});
  if (committed === 0 || kinds.length === 0) return {};
  return { cpuMs: Object.fromEntries(kinds.map(([kind, ms]) => [kind, rounded(ms / committed)])) };
}

function tenthsOf(committed: readonly Sample[]): number[] {
  const inOrder = [...committed].sort((one, other) => one.createdAt - other.createdAt);
  return Array.from({ length: 10 }, (_, tenth) => {
    const [begin, end] = [tenth, tenth + 1].map((at) => Math.floor((inOrder.length * at) / 10));
    const latencies = inOrder.slice(begin, end).map(({ latencyMs }) => latencyMs);
    return percentile(
      latencies.sort((one, other) => one - other),
      0.5,
    );
  }).filter((ms) => ms !== null);
}

function parametersOf({ organizations, delayMs }: Site, { rateControl, workload }: Round): Run['parameters'] {
  const { opts } = rateControl;
  const numbers = Object.entries(workload.arguments ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return {
    organizations,
    delayMs,
    ...(opts.tps === undefined ? {} : { sendRate: opts.tps }),
    ...Object.fromEntries(numbers),
  };
}

function figuresOf(
  committed: readonly Sample[],
): Pick<Run, 'transactions' | 'tps' | 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const latencies = committed.map(({ latencyMs }) => latencyMs).sort((one, other) => one - other);
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const { createdAt, latencyMs } of committed) {
    firstAt = Math.min(firstAt, createdAt);
    lastAt = Math.max(lastAt, createdAt + latencyMs);
  }
  const seconds = Math.max(1, lastAt - firstAt) / 1000;
  return {
    transactions: committed.length,
    tps: committed.length === 0 ? 0 : rounded(committed.length / seconds),
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
  };
}

export const rounded = (value: number): number => Math.round(value * 100) / 100;
