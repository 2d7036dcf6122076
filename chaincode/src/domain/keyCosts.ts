import { largestBatch, type Batched } from './batches.js';

/** Maximum keys, about, that a transaction reads or writes (protocol, rule 5). */
const maxKeys = 50;

/** Maximum subsets that one call may name. */
export const maxSubsetsPerCall = 15;

/** Keys per record that a call reads or writes. A row of the clock tells when a deadline began. */
const keys = { subset: 1, instance: 1, settlement: 1, job: 1, reveal: 1, clockRow: 1, conduct: 1 } as const;

/** What the cost of judging a subset follows from: the terms of a couple, or its dataset. */
export interface Judged extends Batched {
  /** n, the replicas of each subset. */
  readonly replicas: number;
}

interface KeyCost {
  /** Keys per call: configuration, clock and its row, caller, couple or dataset, round or readiness. */
  readonly perCall: number;
  readonly perSubset: (of: Judged) => number;
}

/** The answers of the other subsets of a batch, without whose quorums this one is void. */
const sisters = (of: Judged): number => (largestBatch(of) - 1) * of.replicas * keys.job;

const keyCosts = {
  VerifyInstances: {
    perCall: 5,
    perSubset: ({ replicas }) => keys.subset + replicas * (keys.instance + keys.clockRow),
  },
  CloseRound: {
    perCall: 6,
    perSubset: (of) => keys.settlement + of.replicas * (keys.job + keys.conduct) + sisters(of),
  },
  TallyRound: {
    perCall: 5,
    // One key is the conduct record of a model owner that did not close.
    perSubset: (of) =>
      keys.settlement + of.replicas * (keys.job + keys.reveal + keys.conduct) + keys.conduct + sisters(of),
  },
} as const satisfies Readonly<Record<string, KeyCost>>;
type InChunks = keyof typeof keyCosts;

/** The maximum number of keys that a call for this many subsets touches. */
export const keysOf = (name: InChunks, subsets: number, of: Judged): number =>
  keyCosts[name].perCall + subsets * keyCosts[name].perSubset(of);

/** How many subsets one call may name; at least one. */
function subsetsPer(name: InChunks, of: Judged): number {
  const { perCall, perSubset } = keyCosts[name];
  const max = Math.floor((maxKeys - perCall) / perSubset(of));
  return Math.min(maxSubsetsPerCall, Math.max(1, max));
}

/** The most subsets that one call of VerifyInstances may name, 1 to 15. */
export const subsetsPerVerification = (replicas: number): number =>
  subsetsPer('VerifyInstances', { replicas, subsets: 1, aggregation: 'perSubset' });
/** The most subsets that one call of CloseRound may name, 1 to 15. */
export const subsetsPerClose = (of: Judged): number => subsetsPer('CloseRound', of);
/** The most subsets that one call of TallyRound may name, 1 to 15. */
export const subsetsPerTally = (of: Judged): number => subsetsPer('TallyRound', of);
