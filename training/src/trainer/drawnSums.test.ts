import { describe, expect, it } from 'vitest';
import { groupsOf } from '../data/batches.js';
import { Drbg } from '../drbg.js';
import { applyMap } from '../models/applyMap.js';
import { largest, subtract } from '../optimisers/vectors.js';
import { defineProgram } from '../program.js';
import { diabetes, packageOf, prepare } from '../testing/fixtures.js';
import { messageShape } from './messageShape.js';
import { shardNumbers } from './shardNumbers.js';

// The same model goes out again and again, and the model owner solves the sums for the single updates.

const SUBSETS = 6;
const prepared = prepare(diabetes(), SUBSETS);
const program = defineProgram({ protection: 'plain' });
const shape = messageShape(program, 10);
const asked = Float64Array.from({ length: 10 }, (_, j) => (j % 3) - 1);
const replies = Array.from({ length: SUBSETS }, (_, subset) => [
  ...applyMap(shardNumbers(packageOf(prepared, subset), program, shape).map, asked),
]);
const sumOver = (set: readonly number[]): number[] =>
  asked.reduce<number[]>((sums, _, j) => [...sums, set.reduce((sum, s) => sum + replies[s]![j]!, 0)], []);

/** Solves rounds (members of the drawn set, their sum) for single replies by elimination; what cannot be solved for is left out. */
function solved(rounds: readonly (readonly number[])[]): Map<number, number[]> {
  const rows = rounds.map((set) => [
    ...Array.from({ length: SUBSETS }, (_, subset) => (set.includes(subset) ? 1 : 0)),
    ...sumOver(set),
  ]);
  let rank = 0;
  for (let column = 0; column < SUBSETS; column++) {
    const found = rows.findIndex((row, place) => place >= rank && Math.abs(row[column]!) > 1e-9);
    if (found < 0) continue;
    [rows[rank], rows[found]] = [rows[found]!, rows[rank]!];
    const pivot = rows[rank]!.map((value) => value / rows[rank]![column]!);
    rows.forEach((row, place) => {
      const factor = row[column]!;
      rows[place] = place === rank ? pivot : row.map((value, j) => value - factor * pivot[j]!);
    });
    rank++;
  }
  const single = rows.flatMap((row) => {
    const members = row
      .slice(0, SUBSETS)
      .flatMap((value, subset) => (Math.abs(value) > 1e-9 ? [subset] : []));
    return members.length === 1 ? [[members[0]!, row.slice(SUBSETS)] as const] : [];
  });
  return new Map(single);
}

function freeDraws(rounds: number, count: number): number[][] {
  const drbg = new Drbg(Buffer.from('free draws'));
  return Array.from({ length: rounds }, () => {
    const order = Array.from({ length: SUBSETS }, (_, subset) => subset);
    drbg.shuffle(order);
    return order.slice(0, count);
  });
}

describe('sums over many rounds', () => {
  it('attack 3: give every single update within ten rounds where two of six subsets are drawn freely', () => {
    const known = solved(freeDraws(10, 2));
    expect(known.size).toBe(SUBSETS);
    for (const [subset, reply] of known)
      expect(largest(subtract(reply, replies[subset]!))).toBeLessThan(1e-9);
  });

  it('attack 3: give none over fixed batches, however many rounds there are', () => {
    const batches = groupsOf({ ...prepared.template, aggregation: 'sum' });
    const drbg = new Drbg(Buffer.from('batches'));
    const rounds = Array.from({ length: 1000 }, () => [...batches[drbg.below(batches.length)]!]);
    expect(new Set(rounds.flat()).size).toBe(SUBSETS);
    expect(solved(rounds).size).toBe(0);
  });

  it('attack 27: give every single update again where batches differ by couple, of six subsets with five couples', () => {
    const couples = [
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [0, 1, 3],
        [2, 4, 5],
      ],
      [
        [0, 1, 4],
        [2, 3, 5],
      ],
      [
        [0, 1, 5],
        [2, 3, 4],
      ],
      [
        [0, 2, 3],
        [1, 4, 5],
      ],
    ];
    expect(solved(couples.flat()).size).toBe(SUBSETS);
    expect(solved(couples[0]!).size).toBe(0);
  });
});
