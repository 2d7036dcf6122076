/** Keys that a transaction touches, read or written: no more than about this many (protocol, rule 5). */
const maxKeys = 50;

/** The most subsets that one call may name. */
export const maxSubsetsPerCall = 15;

/** What a record costs a call that reads or writes it. A row of the clock tells when a deadline began. */
const keys = { subset: 1, instance: 1, settlement: 1, job: 1, reveal: 1, clockRow: 1, conduct: 1 } as const;

interface KeyCost {
  /** Once for each call: configuration, clock and its row, caller, couple or dataset, round or readiness. */
  readonly perCall: number;
  readonly perSubset: (replicas: number) => number;
}

const keyCosts = {
  VerifyInstances: {
    perCall: 5,
    perSubset: (replicas) => keys.subset + replicas * (keys.instance + keys.clockRow),
  },
  CloseRound: {
    perCall: 6,
    perSubset: (replicas) => keys.settlement + replicas * (keys.job + keys.conduct),
  },
  TallyRound: {
    perCall: 5,
    // The last one is of a model owner that did not close.
    perSubset: (replicas) =>
      keys.settlement + replicas * (keys.job + keys.reveal + keys.conduct) + keys.conduct,
  },
} as const satisfies Readonly<Record<string, KeyCost>>;
type InChunks = keyof typeof keyCosts;

/** The most keys that a call for so many subsets touches. */
export const keysOf = (name: InChunks, subsets: number, replicas: number): number =>
  keyCosts[name].perCall + subsets * keyCosts[name].perSubset(replicas);

/** How many subsets one call may name. One is always allowed. */
function subsetsPer(name: InChunks, replicas: number): number {
  const { perCall, perSubset } = keyCosts[name];
  const most = Math.floor((maxKeys - perCall) / perSubset(replicas));
  return Math.min(maxSubsetsPerCall, Math.max(1, most));
}

export const subsetsPerVerification = (replicas: number): number => subsetsPer('VerifyInstances', replicas);
export const subsetsPerClose = (replicas: number): number => subsetsPer('CloseRound', replicas);
export const subsetsPerTally = (replicas: number): number => subsetsPer('TallyRound', replicas);
