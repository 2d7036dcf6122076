import { canonicalHashBytes } from './hash.js';

/** Uniform integers from a seed: SHA-256 in counter mode, read as big-endian u32, the biased tail rejected. */
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

export interface DrawInput {
  /** From {@link drawSeed}. */
  readonly seed: string;
  /** m: the dataset's subsets, numbered 0 to m − 1. */
  readonly subsets: number;
  /** How many to draw, 1 to m. */
  readonly count: number;
  /** Subsets that the current order still owes, as the last draw left them. */
  readonly remainder: readonly number[];
}

export interface Draw {
  /** The drawn subsets, in the order of the draw, without doubles. */
  readonly drawn: readonly number[];
  /** What the current order still owes, ascending. */
  readonly remainder: readonly number[];
}

/**
 * Draws subsets in a random order of all of them, a part each round. What an order still owes comes first and is
 * filled from the next order without doubles, so all are used before any is used twice. The order of what is
 * owed is drawn anew from each round's seed: who is next is not known a round ahead, unless everyone left is.
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
