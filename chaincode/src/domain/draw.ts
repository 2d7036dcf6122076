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

function shuffle(items: readonly number[], stream: Generator<number, never>): number[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = below(last + 1, stream);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** What a draw follows from. */
export interface DrawInput {
  /** The result of {@link drawSeed}. */
  readonly seed: string;
  /** m: the dataset's subsets, numbered 0 to m − 1. */
  readonly subsets: number;
  /** How many to draw, 1 to m. */
  readonly count: number;
  /** Subsets that the last draw left in the current order. */
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
 * Draws a part of a random order of all subsets in each round. The remainder of an order comes first, then subsets of
 * the next order, without duplicates, so every subset is used before any is used twice. Each round's seed shuffles the
 * remainder again, so nobody knows the next subsets a round ahead unless all of the remainder is drawn.
 */
export function draw(input: DrawInput): Draw {
  const stream = words(input.seed);
  const owed = shuffle(input.remainder, stream);
  if (owed.length >= input.count) return split(owed, input.count);
  const taken = new Set(owed);
  const next = shuffle(
    Array.from({ length: input.subsets }, (_, index) => index),
    stream,
  );
  const filled = next.filter((index) => !taken.has(index)).slice(0, input.count - owed.length);
  const used = new Set(filled);
  return { drawn: [...owed, ...filled], remainder: ascending(next.filter((index) => !used.has(index))) };
}

const split = (order: readonly number[], count: number): Draw => ({
  drawn: order.slice(0, count),
  remainder: ascending(order.slice(count)),
});

const ascending = (items: readonly number[]): number[] => [...items].sort((a, b) => a - b);
