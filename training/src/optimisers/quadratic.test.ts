import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubsetMemory } from './state.js';
import { remember } from './memory.js';
import { quadraticOf } from './quadratic.js';
import {
  addScaled,
  addOuter,
  dot,
  multiply,
  norm,
  scaledIdentity,
  solveDefinite,
  subtract,
} from './vectors.js';

const features = 4;
const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: features,
  maxLength: features,
});
/** A curvature of any rank, flat directions included, and the points at which it is asked. */
const subsets = fc.record({
  bends: fc.array(vector, { maxLength: features }),
  points: fc.array(vector, { minLength: 1, maxLength: 9 }),
  slope: vector,
  errors: fc.array(vector, { minLength: 9, maxLength: 9 }),
});

function asked(
  {
    bends,
    points,
    slope,
    errors,
  }: { bends: number[][]; points: number[][]; slope: number[]; errors: number[][] },
  noise: number,
) {
  const curvature = scaledIdentity(features, 0);
  for (const bend of bends) addOuter(curvature, 1, bend);
  let memory: SubsetMemory | null = null;
  points.forEach((point, place) => {
    const exact = subtract(multiply(curvature, point), slope);
    memory = remember(memory, point, addScaled(exact, noise, errors[place]!));
  });
  return { curvature, memory: memory as unknown as SubsetMemory };
}

describe('the quadratic of a subset', () => {
  it('explains every reply that is remembered', () => {
    const noise = 1e-9;
    fc.assert(
      fc.property(subsets, (subset) => {
        const { memory } = asked(subset, 0);
        const { point, gradient, curvature } = quadraticOf(memory, 1, noise);
        for (const reply of memory.replies) {
          const explained = addScaled(gradient, 1, multiply(curvature, subtract(reply.point, point)));
          // Steps too short to be learnt from leave less than that.
          expect(norm(subtract(explained, reply.gradient))).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('is positive definite, whatever the noise, and symmetric', () => {
    fc.assert(
      fc.property(subsets, vector, (subset, right) => {
        const { memory } = asked(subset, 1e-3);
        const { curvature } = quadraticOf(memory, 1, 1e-3);
        expect(solveDefinite(curvature, right)).toBeDefined();
        curvature.forEach((entry, place) => {
          const mirrored = curvature[(place % features) * features + Math.floor(place / features)]!;
          expect(Math.abs(entry - mirrored)).toBeLessThan(1e-9 * (1 + Math.abs(entry)));
        });
      }),
    );
  });

  it('is the subset’s own loss once it was asked in all directions', () => {
    const unit = (j: number) => Array.from({ length: features }, (_, i) => (i === j ? 1 : 0));
    const points = [unit(-1), unit(0), unit(1), unit(2), unit(3)];
    fc.assert(
      fc.property(subsets, (subset) => {
        const { memory, curvature } = asked({ ...subset, points }, 0);
        const learnt = quadraticOf(memory, 1, 1e-12).curvature;
        learnt.forEach((entry, place) => expect(entry).toBeCloseTo(curvature[place]!, 5));
      }),
    );
  });
});

describe('a memory', () => {
  it('keeps at most features + 1 replies, the newest always, and forgets what says least', () => {
    const gradient = [0, 0];
    const points = [
      [0, 0],
      [1, 0],
      [1e-6, 0],
      [0, 1],
      [0.5, 0.5],
    ];
    let memory: SubsetMemory | null = null;
    for (const point of points) memory = remember(memory, point, gradient);
    expect(memory!.replies).toHaveLength(3);
    expect(memory!.replies[0]!.point).toEqual([0.5, 0.5]);
    const [newest, ...older] = memory!.replies.map(({ point }) => point);
    const [a, b] = older.map((point) => subtract(point, newest!));
    // Those that are left span the plane.
    expect(dot(a!, a!) * dot(b!, b!) - dot(a!, b!) ** 2).toBeGreaterThan(0.1);
  });
});
