import { z } from 'zod';

/** What of a round's `workload.arguments` says whom it needs; it may be absent. */
const workloadArguments = z.looseObject({
  transaction: z.string().optional(),
  count: z.int().optional(),
  replicas: z.int().optional(),
  members: z.int().optional(),
});

/** A round of a benchmark, as far as it says whom it needs. */
const needyRound = z.looseObject({
  workload: z.looseObject({ arguments: workloadArguments.optional() }),
});

/** What a network has to be prepared for. */
export interface Needs {
  readonly workers: number;
  readonly replicas: number;
  readonly casts: number;
  readonly newcomers: number;
}

/** Hosts of a couple where its workload's arguments do not say it. */
const defaultReplicas = 3;

/**
 * What benchmarks need of a network that is prepared once for all of them.
 * @param benchmarks each with its number of workers, and its rounds as its file has them
 * @throws ZodError for a round without a workload
 */
export function needsOf(
  benchmarks: readonly { readonly workers: number; readonly rounds: readonly unknown[] }[],
): Needs {
  const workers = Math.max(1, ...benchmarks.map((benchmark) => benchmark.workers));
  const rounds = benchmarks
    .flatMap((benchmark) => benchmark.rounds)
    .map((round) => needyRound.parse(round).workload.arguments ?? {});
  const replicas = Math.max(defaultReplicas, ...rounds.map((round) => round.replicas ?? 0));
  const casts = rounds.map(({ members = 0, replicas: hosts = defaultReplicas }) =>
    Math.floor(members / (hosts + 2)),
  );
  const newcomers = rounds.map(({ transaction, count = 0 }) =>
    transaction === 'RegisterParticipant' ? count + (count % workers === 0 ? 0 : workers) : 0,
  );
  // Each round of RegisterParticipant takes identities that no other has registered.
  const sum = newcomers.reduce((total, count) => total + count, 0);
  return { workers, replicas, casts: Math.max(workers, ...casts), newcomers: sum };
}
