/** One replica slot of one subset, and the host that is to hold it. All are indices from 0. */
interface Slot {
  readonly subset: number;
  readonly slot: number;
  readonly host: number;
}

export interface SlotPlan {
  readonly hosts: number;
  readonly slots: readonly Slot[];
  /** The host that is told to lie; undefined where no host could be convicted. */
  readonly liar: number | undefined;
}

/** With fewer replicas a lie can be seen, but no host can be convicted of it. */
export const minReplicasToConvict = 3;

/**
 * Assigns subsets × replicas slots to replicas + 1 hosts. Each subset leaves out one host, the next subset the next host,
 * so that no host holds two slots of a subset and all have about the same work. The liar is the last host: with one slot
 * of three or more in a subset it is never a majority.
 */
export function planSlots(subsets: number, replicas: number): SlotPlan {
  const hosts = replicas + 1;
  const slots = Array.from({ length: subsets }, (_, subset) =>
    Array.from({ length: replicas }, (_, slot) => ({ subset, slot, host: (subset + 1 + slot) % hosts })),
  ).flat();
  return { hosts, slots, liar: replicas < minReplicasToConvict ? undefined : hosts - 1 };
}

/** Why no host is told to lie with so few replicas. */
export const whyNoLiar = (replicas: number): string =>
  replicas === 1
    ? 'with one replica there is nothing to compare an update with, so nobody can be convicted'
    : 'two replicas that differ show that one lies, not which, so nobody can be convicted';

export const hostName = (host: number): string => `host-${host + 1}`;
