/** Maximum keys, about, that a transaction reads or writes (protocol, rule 5). */
const maxKeys = 50;

/** Maximum subsets that one call may name. */
export const maxSubsetsPerCall = 15;

/** Keys per record that a call reads or writes. A row of the clock tells when a deadline began. */
const keys = { subset: 1, instance: 1, settlement: 1, job: 1, reveal: 1, clockRow: 1, conduct: 1 } as const;

interface KeyCost {
  /** Keys per call: configuration, clock and its row, caller, couple or dataset, round or readiness. */
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
    // The last key is the conduct record of a model owner that did not close.
    perSubset: (replicas) =>
      keys.settlement + replicas * (keys.job + keys.reveal + keys.conduct) + keys.conduct,
  },
} as const satisfies Readonly<Record<string, KeyCost>>;
type InChunks = keyof typeof keyCosts;

/** The maximum number of keys that a call for this many subsets touches. */
export const keysOf = (name: InChunks, subsets: number, replicas: number): number =>
  keyCosts[name].perCall + subsets * keyCosts[name].perSubset(replicas);

/** How many subsets one call may name; at least one. */
function subsetsPer(name: InChunks, replicas: number): number {
  const { perCall, perSubset } = keyCosts[name];
  const max = Math.floor((maxKeys - perCall) / perSubset(replicas));
  return Math.min(maxSubsetsPerCall, Math.max(1, max));
}

/** The most subsets that one call of VerifyInstances may name, 1 to 15. */
export const subsetsPerVerification = (replicas: number): number => subsetsPer('VerifyInstances', replicas);
/** The most subsets that one call of CloseRound may name, 1 to 15. */
export const subsetsPerClose = (replicas: number): number => subsetsPer('CloseRound', replicas);
/** The most subsets that one call of TallyRound may name, 1 to 15. */
export const subsetsPerTally = (replicas: number): number => subsetsPer('TallyRound', replicas);
