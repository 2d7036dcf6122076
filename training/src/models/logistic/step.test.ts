import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { dot, largest } from '../../optimisers/vectors.js';
import { penalisedLoss } from '../../testing/exactLogistic.js';
import {
  binaryKinds,
  binaryTable,
  labelledRows,
  NOISE,
  randomDraws,
  rowsOfTable,
  splitForLogistic,
  trainLogistic,
} from '../../testing/logistic.js';
import type { SubsetReply } from '../family.js';
import { MAX_SPREAD } from './estimate.js';
import { chooseLogisticHead, logisticHeadSchema, type LogisticHead } from './head.js';
import { logistic } from './index.js';
import { setupLength } from './setup.js';
import { estimateOf } from './step.js';
import type { LogisticState } from './state.js';

const headOf = (choices: Partial<LogisticHead> = {}): LogisticHead =>
  logisticHeadSchema.parse(chooseLogisticHead(choices));

const trainings = fc.record({
  kind: fc.constantFrom(...binaryKinds),
  size: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(),
  subsets: fc.integer({ min: 2, max: 3 }),
  lambda: fc.constantFrom(1e-6, 1e-3, 0.1),
  degree: fc.constantFrom(1, 2),
});

describe('on random, collinear, duplicated, one-hot and separable tables', () => {
  it('no step raises the owner’s own estimate, weights stay bounded, and the figures say so', () => {
    fc.assert(
      fc.property(trainings, ({ kind, size, seed, subsets, lambda, degree }) => {
        const table = binaryTable(kind, size, seed);
        const split = splitForLogistic(table, subsets);
        const { template } = split;
        const head = headOf({ lambda, degree });
        const draws = randomDraws(10, subsets, Math.ceil(subsets / 2), String(seed));
        let last = logistic.firstState(template, head);
        for (const { state, figures } of trainLogistic(split, head, draws)) {
          const estimate = estimateOf(state, { head, template, noise: NOISE });
          const now = estimate.at(state.weights);
          expect(now).toBeGreaterThanOrEqual(0);
          expect(now).toBeLessThanOrEqual(estimate.at(last.weights) + 1e-12);
          expect(now).toBeLessThanOrEqual(estimate.at(state.first) + 1e-12);
          const features = state.weights.slice(0, -1);
          expect(dot(features, features)).toBeLessThanOrEqual((2 * estimate.at(state.first)) / lambda);
          expect(estimate.spread(state.weights)).toBeLessThan(1.2 * MAX_SPREAD);
          expect(figures.boundActive).toBe(estimate.spread(state.weights) >= MAX_SPREAD);
          expect(largest([...logistic.query(state)])).toBeLessThanOrEqual(LARGEST_WEIGHT);
          last = state;
        }
        const data = labelledRows(table, template);
        const lossOf = (weights: readonly number[]): number => penalisedLoss(data, lambda, weights);
        expect(lossOf(last.weights)).toBeLessThan(lossOf(last.first) + 0.05);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

describe('a separable table', () => {
  const table = binaryTable('separable', 1, 7);
  const split = splitForLogistic(table, 2);

  it('ends at the bound of the log-odds where the ridge is small, and says so', () => {
    const rounds = trainLogistic(split, headOf({ lambda: 1e-6 }), randomDraws(12, 2, 2, 'all'));
    const { state, figures } = rounds.at(-1)!;
    expect(figures.boundActive).toBe(true);
    expect(figures.step).toBeLessThan(0.01);
    const { rows, labels } = labelledRows(table, split.template);
    rows.forEach((row, place) => expect(dot(row, state.weights) > 0).toBe(labels[place] === 1));
  });

  it('ends within the bound where the ridge is usual', () => {
    const { figures } = trainLogistic(split, headOf(), randomDraws(12, 2, 2, 'all')).at(-1)!;
    expect(figures.boundActive).toBe(false);
    expect(figures.step).toBeLessThan(0.01);
  });
});

describe('a state', () => {
  const split = splitForLogistic(binaryTable('noisy', 2, 1), 2);
  const head = headOf();

  it('passes through JSON at any round without a change', () => {
    for (const { state } of trainLogistic(split, head, randomDraws(6, 2, 1, 'json'))) {
      const again = logistic.stateSchema.parse(JSON.parse(JSON.stringify(state)));
      expect(again).toEqual(state);
      expect(logistic.query(again)).toEqual(logistic.query(state));
      expect(logistic.fits(again, split.template, head)).toBe(true);
    }
  });

  it('does not grow over 1,000 rounds', () => {
    const rounds = trainLogistic(split, head, randomDraws(1000, 2, 1, 'long'));
    const sizes = rounds.map(({ state }) => JSON.stringify(state).length);
    expect(Math.max(...sizes)).toBeLessThan(1.1 * sizes[20]!);
  }, 120_000);

  it('of another template is none', () => {
    const other = splitForLogistic(binaryTable('noisy', 3, 1), 2).template;
    expect(logistic.fits(logistic.firstState(split.template, head), other, head)).toBe(false);
    for (const value of [null, {}, 3, []]) expect(logistic.stateSchema.safeParse(value).success).toBe(false);
  });

  it('of a round without replies is the one before', () => {
    const { state } = trainLogistic(split, head, [[0], [1]]).at(-1)!;
    const stepped = logistic.step({ head, template: split.template, state, rounds: 2 }, [], NOISE);
    expect(stepped.state).toEqual(state);
    expect(stepped.figures).toMatchObject({ step: 0, stepRefused: false });
  });
});

describe('whatever hosts answer', () => {
  const { template } = splitForLogistic(binaryTable('noisy', 3, 1), 2);
  const head = headOf();
  const number = fc.double({ min: -LARGEST_UPDATE, max: LARGEST_UPDATE, noNaN: true });
  const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
  const forged = fc.record({ values: numbers(3), imaginary: numbers(3), setup: numbers(setupLength(3)) });

  it('the model can be saved and asked about', () => {
    fc.assert(
      fc.property(fc.array(forged, { minLength: 1, maxLength: 4 }), (replies) => {
        let state = logistic.firstState(template, head);
        for (const [round, reply] of replies.entries()) {
          // Moments that rows could have, and an answer to the query that agrees with them: the rest may be anything.
          const setup = reply.setup.map((value, place) =>
            place < 6 ? [4e4, 1, 1, 4e4, 1, 4e4][place]! : value / 100,
          );
          const trained = { head, template, state, rounds: round };
          const honest = agreeingValues(state, setup);
          state = logistic.step(
            trained,
            [{ ...reply, values: honest, setup, subset: round % 2 }],
            NOISE,
          ).state;
          expect(logistic.stateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
          expect(largest([...logistic.query(state)])).toBeLessThanOrEqual(LARGEST_WEIGHT);
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it('a reply that no rows make is refused, and changes nothing', () => {
    const split = splitForLogistic(binaryTable('noisy', 3, 1), 2);
    const { state } = trainLogistic(split, head, [[0]]).at(-1)!;
    const trained = { head, template: split.template, state, rounds: 1 };
    const subset = 0;
    const unusable = (reply: Partial<SubsetReply>): string | null =>
      logistic.unusable!(trained, { subset, values: [9, 9, 9], imaginary: [0, 0, 0], ...reply }, NOISE);
    expect(unusable({})).toMatch(/contradicts/);
    expect(unusable({ values: [1] })).toMatch(/width/);
    expect(unusable({ subset: 1 })).toMatch(/no moments/);
    const setup = new Array<number>(setupLength(3)).fill(-1);
    expect(unusable({ subset: 1, setup })).toMatch(/not those of rows/);
    const stepped = logistic.step(trained, [{ subset, values: [9, 9, 9], imaginary: [1e4, 0, 0] }], NOISE);
    expect(stepped.state.subsets).toEqual(state.subsets);
  });
});

describe('a step that the next replies contradict', () => {
  it('is taken back, and a third as far is gone from the model before it', () => {
    const table = binaryTable('noisy', 1, 3);
    // Few rows of class 1: where classes are even, softplus has no cubic part.
    const rows = [...table.targets.keys()].filter((row) => table.targets[row] === 0 || row % 4 === 0);
    const split = splitForLogistic(rowsOfTable(table, rows), 2);
    const { template } = split;
    const head = headOf();
    const { state } = trainLogistic(split, head, [[0, 1]]).at(-1)!;
    // Third moments that no step foresaw: the loss at the model is half as much again.
    const replies = [0, 1].map((subset): SubsetReply => {
      const second = state.subsets[subset]!.setup[0]!;
      const [weight = 0] = state.weights;
      return { subset, values: [second * weight], imaginary: [50 * Math.sign(weight) * weight ** 2] };
    });
    const { state: next, figures } = logistic.step({ head, template, state, rounds: 1 }, replies, NOISE);
    expect(figures.stepRefused).toBe(true);
    expect(next.before).toEqual(state.before);
    expect(next.radius).toBe(head.radius / 3);
  });
});

/** Real parts of a reply to a state's query that agree with a set-up of three features. */
function agreeingValues(state: LogisticState, setup: readonly number[]): number[] {
  const known = state.subsets.find((memory) => memory !== null)?.setup ?? setup;
  const [aa, ab, ac, bb, bc, cc] = known as [number, number, number, number, number, number];
  const [a, b, c] = logistic.query(state) as unknown as [number, number, number];
  return [aa * a + ab * b + ac * c, ab * a + bb * b + bc * c, ac * a + bc * b + cc * c];
}
