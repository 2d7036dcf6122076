import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScaled, multiply, norm, repeated, solveDefinite, subtract } from './vectors.js';

const vector = (size: number) =>
  fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size });

describe('small linear algebra', () => {
  it('solves positive definite systems', () => {
    const sizes = fc.integer({ min: 1, max: 8 }).chain((size) => fc.tuple(vector(size * size), vector(size)));
    fc.assert(
      fc.property(sizes, ([factor, right]) => {
        const size = right.length;
        // factor·factorᵀ + I is symmetric and positive definite.
        const matrix = factor.map((_, place) => {
          const [i, j] = [Math.floor(place / size), place % size];
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < size; k++) sum += factor[i * size + k]! * factor[j * size + k]!;
          return sum;
        });
        const x = solveDefinite(matrix, right);
        expect(norm(subtract(multiply(matrix, x ?? []), right))).toBeLessThan(1e-6);
      }),
    );
  });

  it('does not solve what is not definite', () => {
    expect(solveDefinite([1, 2, 2, 1], [1, 1])).toBeUndefined();
    expect(solveDefinite([0], [1])).toBeUndefined();
    expect(solveDefinite([Number.NaN], [1])).toBeUndefined();
  });

  it('leaves no negative zero', () => {
    expect(Object.is(addScaled([-0], 1, [-0])[0], 0)).toBe(true);
  });

  it('repeats a factor by products alone: powers are rounded as each engine likes', () => {
    expect(repeated(0.99, 0)).toBe(1);
    expect(repeated(0.99, 3)).toBe(1 * 0.99 * 0.99 * 0.99);
    // Rounds at which the two differ on this engine.
    const rounds = Array.from({ length: 100 }, (_, round) => round).filter(
      (round) => repeated(0.99, round) !== 0.99 ** round,
    );
    expect(rounds.length).toBeGreaterThan(0);
    expect(repeated(0.9, 4_000_000_000)).toBeLessThan(1e-300);
    expect(repeated(1, 4_000_000_000)).toBe(1);
  });
});
