import { z } from 'zod';

/** The part of a round's `workload.arguments` that determines the required members; it may be absent. */
const workloadArguments = z.looseObject({
  transaction: z.string().optional(),
  count: z.int().optional(),
  replicas: z.int().optional(),
  members: z.int().optional(),
});

/** The part of a benchmark's round that determines the required members. */
const needyRound = z.looseObject({
  workload: z.looseObject({ arguments: workloadArguments.optional() }),
});

/** The requirements on a prepared network. */
export interface Needs {
  readonly workers: number;
  readonly replicas: number;
  readonly casts: number;
  readonly newcomers: number;
}

/** Hosts of a couple if the workload's arguments do not give a number. */
const defaultReplicas = 3;

/**
 * The requirements of several benchmarks on a network that is prepared once for all of them.
 * @param benchmarks each with its number of workers, and its rounds from its file
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
  // Each round of RegisterParticipant needs identities that no other round has registered.
  const sum = newcomers.reduce((total, count) => total + count, 0);
  return { workers, replicas, casts: Math.max(workers, ...casts), newcomers: sum };
}
