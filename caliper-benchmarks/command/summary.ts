import { z } from 'zod';
import type { Sample, SampleFile } from '../workloads/samples.js';
import { conflictsByKind, totalsOf, type BlockSum } from './blocks/sumBlocks.js';
import type { Benchmark, Round } from './benchmark.js';
import { networkKinds, type Site } from './networks.js';
import { percentile } from './percentile.js';
import type { ProcessorTimes } from './processorTimes.js';

/** What one round came to. Percentiles are of committed transactions, and null where there is none. */
export const runSchema = z.strictObject({
  /** `postgres`: the records of a run, replayed. */
  network: z.enum([...networkKinds, 'postgres']),
  /** The round's label. */
  workload: z.string(),
  /** Transactions in flight, of all workers together; null where a fixed rate is sent. */
  clients: z.int().nullable(),
  /** Committed transactions a second, from the first proposal to the last commit. */
  tps: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** Committed. */
  transactions: z.int(),
  failed: z.int(),
  /** Of the failed ones those that another transaction overtook. */
  conflicts: z.int(),
  /** What tells it from runs of the same workload: the site, and numbers of the round's configuration. */
  parameters: z.record(z.string(), z.number()),
  /** How many conflicts were about records of which kinds, such as `{ "clock": 4, "clock+couple": 1 }`. */
  conflictKinds: z.record(z.string(), z.int()).optional(),
  /** Bytes of blocks, and of keys and values written, for each valid transaction. */
  blockBytes: z.number().optional(),
  stateBytes: z.number().optional(),
  /** Of a benchmark of one couple: median latency of each tenth of what was committed, from the first to the last. */
  tenthsMs: z.array(z.number()).optional(),
  /**
   * Milliseconds of processor time for each committed transaction, by kind of process; of benchmarks with one round, on
   * Linux. Caliper's own start is in it.
   */
  cpuMs: z.record(z.string(), z.number()).optional(),
});
export type Run = z.infer<typeof runSchema>;

/** What a run of Caliper left. */
export interface Measured {
  readonly site: Site;
  readonly benchmark: Benchmark;
  readonly files: readonly SampleFile[];
  /** What stands in the blocks, by the number of the round. */
  readonly blocks: ReadonlyMap<number, BlockSum>;
  /** Of a benchmark with one round: nothing tells rounds apart in them. */
  readonly processorTimes?: ProcessorTimes | undefined;
  /** Where Caliper's log is. */
  readonly log: string;
}

/**
 * The runs of a benchmark, a round each.
 * @throws Error for a round that did not run to its end on every worker: Caliper goes on to the next, and ends well
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
    if (failure !== null) throw new Error(`The round ${label} broke off: ${failure} (${log})`);
    if (ofRound.length < benchmark.workers)
      throw new Error(`The round ${label} did not begin on every worker; Caliper’s log says why: ${log}`);
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

/** For each valid transaction. */
function bytesOf(sum: BlockSum | undefined): Pick<Run, 'blockBytes' | 'stateBytes'> {
  if (sum === undefined) return {};
  const { transactions, stateBytes } = totalsOf(sum);
  if (transactions === 0) return {};
  return {
    blockBytes: Math.round(sum.blockBytes / transactions),
    stateBytes: Math.round(stateBytes / transactions),
  };
}

/** For each committed transaction. */
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
