import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import { Drbg } from '../drbg.js';
import { defineProgram, type ProgramOf } from '../program.js';
import { gramOf, prepare, turns, type Prepared } from '../testing/fixtures.js';
import { directRidge, hardKinds, hardTable } from '../testing/hardTables.js';
import { remember } from './memory.js';
import { takeStep, type Step } from './optimiser.js';
import { firstOptimiserState, type OptimiserState } from './state.js';
import { LONGEST_MODEL } from './quasiNewton.js';
import { addScaled, largest, multiply, norm, subtract } from './vectors.js';

const noise = 2 ** -20;

type GradientOf = (subset: number, point: readonly number[]) => number[];

/** Rounds of an optimiser alone, on gradients that a function gives. */
function optimise(
  program: ProgramOf<'linear'>,
  shape: { readonly features: number; readonly rows: readonly number[] },
  draws: readonly (readonly number[])[],
  gradientOf: GradientOf,
): { state: OptimiserState; steps: Step[] } {
  let state = firstOptimiserState(shape.features, shape.rows.length);
  let rounds = 0;
  const steps: Step[] = [];
  for (const drawn of draws) {
    const memory = [...state.memory];
    for (const subset of drawn)
      memory[subset] = remember(memory[subset] ?? null, state.query, gradientOf(subset, state.query));
    const learnt = { ...state, memory };
    const step = takeStep(learnt, rounds, program.head, {
      rows: shape.rows,
      noise: shape.rows.map(() => noise),
    })!;
    steps.push(step);
    state = { ...learnt, ...step.moved };
    rounds += 1;
  }
  return { state, steps };
}

/** Gradients of a table's subsets, as noisy as decrypted ones. */
function noisyGradients({ packages }: Prepared, lambda: number): GradientOf {
  const drbg = new Drbg(Buffer.from('noise'));
  const grams = packages.map(gramOf);
  return (subset, point) => {
    const { matrix, vector } = grams[subset]!;
    const exact = addScaled(subtract(multiply([...matrix], point), [...vector]), lambda, point);
    return exact.map((value) => value + noise * (drbg.below(2 ** 32) / 2 ** 31 - 1));
  };
}

const tables = fc.record({
  kind: fc.constantFrom(...hardKinds),
  size: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(),
  subsets: fc.integer({ min: 2, max: 4 }),
  lambda: fc.constantFrom(0, 0.001, 0.1),
});

describe('on columns that are collinear, duplicated, one-hot, or almost as many as rows', () => {
  it('ends within 1 % of the variance of the direct ridge solution; no step raises the estimate', () => {
    fc.assert(
      fc.property(tables, ({ kind, size, seed, subsets, lambda }) => {
        const data = prepare(hardTable(kind, size, seed), kind === 'wide' ? Math.min(subsets, 3) : subsets);
        const { features, subsetRows } = data.template;
        const draws = turns(20 + 4 * features, subsetRows.length, Math.ceil(subsetRows.length / 2));
        const shape = { features, rows: subsetRows };
        const program = defineProgram({ lambda });
        const { state, steps } = optimise(program, shape, draws, noisyGradients(data, lambda));
        for (const { estimate, moved } of steps) {
          expect(largest(moved.query)).toBeLessThanOrEqual(LARGEST_WEIGHT);
          expect(estimate.at(moved.weights) - estimate.at(moved.before)).toBeLessThanOrEqual(1e-9);
        }
        const direct = directRidge(data, lambda);
        expect(direct.errorOf(state.weights)).toBeLessThan(direct.errorOf(direct.weights) + 0.01);
      }),
      { numRuns: 15 },
    );
  }, 300_000);
});

describe('whatever hosts answer', () => {
  const answers = fc.array(fc.double({ min: -LARGEST_UPDATE, max: LARGEST_UPDATE, noNaN: true }), {
    minLength: 40,
    maxLength: 40,
  });

  it.each([
    { kind: 'quasiNewton', initialCurvature: 0.01 },
    { kind: 'nesterov', decay: 1 },
  ] as const)(
    'asks within the range that is encrypted, for a model that can be saved: $kind',
    (optimiser) => {
      fc.assert(
        fc.property(answers, fc.double({ min: 0, max: 1, noNaN: true }), (values, flat) => {
          const shape = { features: 3, rows: [10, 20] };
          let asked = 0;
          // `flat` of 1 is a slope without end.
          const gradientOf: GradientOf = (_, point) =>
            point.map(
              (weight, j) => values[j]! * flat + (1 - flat) * weight * values[asked++ % values.length]!,
            );
          const { steps } = optimise(defineProgram({ optimiser }), shape, turns(30, 2, 1), gradientOf);
          for (const { moved } of steps) {
            expect(largest(moved.query)).toBeLessThanOrEqual(LARGEST_WEIGHT);
            expect(norm(moved.weights)).toBeLessThanOrEqual(LONGEST_MODEL * (1 + 1e-12));
          }
        }),
      );
    },
  );
});

describe('a step that the next replies contradict', () => {
  it('is taken back, and the next one starts from the model before it', () => {
    // Round 1 shows a slope; round 2 that the model has gone up a wall.
    const gradientOf: GradientOf = (_, [weight]) => [weight === 0 ? -0.5 : 100];
    const { steps } = optimise(defineProgram(), { features: 1, rows: [10] }, [[0], [0]], gradientOf);
    expect(steps.map(({ stepRefused }) => stepRefused)).toEqual([false, true]);
    const [first, second] = steps.map(({ moved }) => moved);
    expect(first!.weights[0]).toBeGreaterThan(0);
    expect(second!.before).toEqual(first!.before);
    expect(second!.weights[0]).toBeLessThan(first!.weights[0]! / 10);
  });
});
