import { allBatches, type Batched } from './batches.js';
import { canonicalHashBytes } from './hash.js';

/** Uniform integers from a seed: SHA-256 in counter mode, read as big-endian u32, without the biased tail. */
function* words(seed: string): Generator<number, never> {
  for (let block = 0; ; block += 1) {
    const bytes = Buffer.from(canonicalHashBytes('veritrain/draw-stream/1', [seed, String(block)]));
    for (let at = 0; at < 32; at += 4) yield bytes.readUInt32BE(at);
  }
}

function below(limit: number, stream: Generator<number, never>): number {
  const fair = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const word = stream.next().value;
    if (word < fair) return word % limit;
  }
}

function shuffle<Item>(items: readonly Item[], stream: Generator<number, never>): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = below(last + 1, stream);
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
}

/** What a draw follows from. The subsets are numbered 0 to m − 1. */
export interface DrawInput extends Batched {
  /** The result of {@link drawSeed}. */
  readonly seed: string;
  /** How many to draw, 1 to m. With `sum` whole batches are drawn until there are so many. */
  readonly count: number;
  /** Subsets that the last draw left in the current order, ascending: whole batches. */
  readonly remainder: readonly number[];
}

/** What was drawn. */
export interface Draw {
  /** The drawn subsets, in the order of the draw, without duplicates. */
  readonly drawn: readonly number[];
  /** Subsets left in the current order, ascending. */
  readonly remainder: readonly number[];
}

/**
 * Draws a part of a random order of all batches in each round; without `sum` each subset is a batch. The remainder of an
 * order comes first, then batches of the next order, without duplicates, so every batch is used before any is used twice.
 * Each round's seed shuffles the remainder again, so nobody knows the next batches a round ahead unless all of the
 * remainder is drawn.
 */
export function draw(input: DrawInput): Draw {
  const stream = words(input.seed);
  const batches = allBatches(input);
  const left = new Set(input.remainder);
  const isOwed = (batch: readonly number[]): boolean => batch.every((index) => left.has(index));
  const owed = shuffle(batches.filter(isOwed), stream);
  const fromOwed = take(owed, input.count);
  if (fromOwed.missing === 0) return { drawn: fromOwed.taken, remainder: ascending(fromOwed.rest) };
  const next = shuffle(batches, stream);
  const fromNext = take(
    next.filter((batch) => !isOwed(batch)),
    fromOwed.missing,
  );
  return {
    drawn: [...fromOwed.taken, ...fromNext.taken],
    remainder: ascending([...next.filter(isOwed).flat(), ...fromNext.rest]),
  };
}

interface Taken {
  readonly taken: readonly number[];
  readonly rest: readonly number[];
  /** How many more are to be drawn; 0 if there are enough. */
  readonly missing: number;
}

/** Takes whole batches from the front until there are `count` subsets. */
function take(order: readonly (readonly number[])[], count: number): Taken {
  let batches = 0;
  let missing = count;
  for (; missing > 0 && batches < order.length; batches += 1) missing -= order[batches]?.length ?? 0;
  return {
    taken: order.slice(0, batches).flat(),
    rest: order.slice(batches).flat(),
    missing: Math.max(0, missing),
  };
}

const ascending = (items: readonly number[]): number[] => [...items].sort((a, b) => a - b);
