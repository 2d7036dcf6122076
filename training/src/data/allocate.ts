/** Rows per subset and bin: `counts[subset][bin]`. */
export type Allocation = number[][];

/** How the extremes of the value range are kept apart. */
export interface Layout {
  readonly subsets: number;
  /** This many bins at each end go to one side only. */
  readonly zone: number;
  /** Subsets 0 … lowSubsets − 1 get the low end, the others the high end. */
  readonly lowSubsets: number;
}

/**
 * Spreads bins over subsets of equal size (± 1): the low end over the low subsets, the high end over the high
 * ones, the middle to whoever has room. Undefined where the ends do not fit.
 */
export function allocate(binRows: readonly number[], layout: Layout): Allocation | undefined {
  const { subsets, zone, lowSubsets } = layout;
  const total = binRows.reduce((sum, rows) => sum + rows, 0);
  const room = Array.from(
    { length: subsets },
    (_, subset) => Math.floor(((subset + 1) * total) / subsets) - Math.floor((subset * total) / subsets),
  );
  const counts: Allocation = room.map(() => binRows.map(() => 0));
  const low = range(0, lowSubsets);
  const high = range(lowSubsets, subsets);
  for (let bin = 0; bin < zone; bin++) {
    spreadEvenly(counts, room, low, bin, binRows[bin] ?? 0);
    const mirrored = binRows.length - 1 - bin;
    spreadEvenly(counts, room, high, mirrored, binRows[mirrored] ?? 0);
  }
  if (room.some((left) => left < 0)) return undefined;
  for (let bin = zone; bin < binRows.length - zone; bin++) spreadByRoom(counts, room, bin, binRows[bin] ?? 0);
  return counts;
}

/** Whether each subset lacks a bin at one end, and no bin is more than half of a subset. */
export function obeysSkewRules(counts: Allocation): boolean {
  return counts.every((bins) => {
    const rows = bins.reduce((sum, count) => sum + count, 0);
    const lacksAnEnd = bins[0] === 0 || bins[bins.length - 1] === 0;
    return rows > 0 && lacksAnEnd && bins.every((count) => 2 * count <= rows);
  });
}

function spreadEvenly(
  counts: Allocation,
  room: number[],
  subsets: readonly number[],
  bin: number,
  rows: number,
): void {
  // Whoever has most room takes the odd rows, so that rounding does not pile up in one place.
  const byRoom = [...subsets].sort((a, b) => (room[b] ?? 0) - (room[a] ?? 0) || a - b);
  byRoom.forEach((subset, place) => {
    const share = Math.floor(rows / byRoom.length) + (place < rows % byRoom.length ? 1 : 0);
    give(counts, room, subset, bin, share);
  });
}

function spreadByRoom(counts: Allocation, room: number[], bin: number, rows: number): void {
  if (rows === 0) return; // perhaps no room is left either
  const free = room.reduce((sum, left) => sum + left, 0);
  const before = [...room];
  let passed = 0;
  let given = 0;
  before.forEach((left, subset) => {
    passed += left;
    const share = Math.round((rows * passed) / free) - given;
    given += share;
    give(counts, room, subset, bin, share);
  });
}

function give(counts: Allocation, room: number[], subset: number, bin: number, rows: number): void {
  const bins = counts[subset];
  if (bins !== undefined) bins[bin] = rows;
  room[subset] = (room[subset] ?? 0) - rows;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
