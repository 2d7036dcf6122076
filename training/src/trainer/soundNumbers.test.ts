import { describe, expect, it } from 'vitest';
import type { LogisticState } from '../models/logistic/state.js';
import type { OptimiserState } from '../optimisers/state.js';
import { defineProgram } from '../program.js';
import { asyncRefusal, refusal } from '../testing/errors.js';
import { prepare, runRounds, trainerOf } from '../testing/fixtures.js';
import { binaryTable } from '../testing/logistic.js';
import { openPackage } from './openedPackage.js';
import { soundQuery } from './soundNumbers.js';
import type { TrainerState } from './state.js';

// All found by fuzzing states: each one fits the schema, and made numbers that JSON cannot hold, or a query that hosts refuse.

const table = binaryTable('noisy', 4, 3);
const prepared = prepare({ ...table, values: table.values.map((value) => value / 1000) }, 2);
const forLogistic = {
  ...prepared,
  packages: prepared.packageBytes.map((bytes) => openPackage(bytes, { family: 'logistic' })),
};
const linear = await runRounds(prepared, defineProgram({ protection: 'plain' }), [[0, 1]]);
const logistic = await runRounds(forLogistic, defineProgram({ family: 'logistic', protection: 'plain' }), [
  [0, 1],
]);

const changed = <Model>({ state }: { state: TrainerState }, change: Partial<Model>): TrainerState => ({
  ...state,
  model: { ...(state.model as Model), ...change },
});
/** An honest list in which one number is another. */
const withNumber = (list: readonly number[], place: number, value: number): number[] =>
  list.map((each, index) => (index === place ? value : each));

describe('a state whose numbers overflow is refused when', () => {
  it('a round is applied to it', async () => {
    const { memory } = linear.state.model as OptimiserState;
    const { subsets, first } = logistic.state.model as LogisticState;
    const far = memory.map(
      (entry) =>
        entry && {
          ...entry,
          replies: entry.replies.map((reply) => ({
            ...reply,
            gradient: withNumber(reply.gradient, 2, 1e308),
          })),
        },
    );
    const moments = subsets.map((known) => known && { ...known, setup: withNumber(known.setup, 5, -1e308) });
    const states = [
      [linear.trainer, changed<OptimiserState>(linear, { memory: far })],
      [logistic.trainer, changed<LogisticState>(logistic, { subsets: moments })],
      [logistic.trainer, changed<LogisticState>(logistic, { first: withNumber(first, 3, -1e100) })],
    ] as const;
    for (const [trainer, state] of states)
      await asyncRefusal(() => trainer.applyUpdates(state, 2, []), 'VT7504');
  });

  it('the model is shown: columns of small numbers have large weights', () => {
    const { weights } = logistic.state.model as LogisticState;
    const state = changed<LogisticState>(logistic, { weights: withNumber(weights, 0, 1e308) });
    refusal(() => logistic.trainer.result(state), 'VT7504');
  });
});

it.each([
  ['too few', [1]],
  ['too large', [1, 5]],
  ['no number', [1, NaN]],
])('a query that hosts would refuse is none: %s', (_, numbers) => {
  const shape = { inputs: 2, outputs: 2, imaginary: false, maxInput: 4, setup: 0 };
  expect(soundQuery([1, -4], shape)).toEqual(Float64Array.of(1, -4));
  refusal(() => soundQuery(numbers, shape), 'VT7504');
});

describe('a state of another head', () => {
  it('is refused: it repeats the degree and the classes of its program', async () => {
    for (const change of [{ degree: 1 }, { classes: [0, 2] }] as const) {
      const state = changed<LogisticState>(logistic, change as Partial<LogisticState>);
      refusal(() => logistic.trainer.result(state), 'VT7504');
      await asyncRefusal(() => logistic.trainer.modelForRound(state, 2), 'VT7504');
    }
  });

  it('is taken if it is of its own program', async () => {
    const { trainer, state } = logistic;
    expect((await trainer.modelForRound(state, 2)).length).toBeGreaterThan(0);
    const other = await trainerOf(
      prepared,
      defineProgram({ family: 'logistic', protection: 'plain', degree: 1 }),
    );
    expect(() => other.result(other.initialState())).not.toThrow();
  });
});
