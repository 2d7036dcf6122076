/** One replica slot of one subset, and the host that is to hold it. All are indices from 0. */
interface Slot {
  readonly subset: number;
  readonly slot: number;
  readonly host: number;
}

export interface SlotPlan {
  readonly hosts: number;
  readonly slots: readonly Slot[];
  /** The host that is told to lie; undefined where nobody could be convicted. */
  readonly liar: number | undefined;
}

/** Fewer replicas than this and a lie can be seen at most, never laid at anybody's door. */
export const leastReplicasToConvict = 3;

/**
 * Hands out subsets × replicas slots to replicas + 1 hosts. Each subset leaves out one host, the next subset
 * the next one, so nobody holds two slots of a subset and the work is even. The liar is the last host: with one
 * slot of a subset out of three or more it is never a majority.
 */
export function planSlots(subsets: number, replicas: number): SlotPlan {
  const hosts = replicas + 1;
  const slots = Array.from({ length: subsets }, (_, subset) =>
    Array.from({ length: replicas }, (_, slot) => ({ subset, slot, host: (subset + 1 + slot) % hosts })),
  ).flat();
  return { hosts, slots, liar: replicas < leastReplicasToConvict ? undefined : hosts - 1 };
}
