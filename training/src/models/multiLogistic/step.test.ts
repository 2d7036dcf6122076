import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficientParameters, LARGEST_COEFFICIENT, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { coefficientLayout } from '../../he/circuits/coefficients/layout.js';
import { FRAME_BYTES } from '../../messages/frame.js';
import { dot, largest } from '../../optimisers/vectors.js';
import { defineProgram } from '../../program.js';
import { context, prepare, trainerOf } from '../../testing/fixtures.js';
import { NOISE, randomDraws } from '../../testing/logistic.js';
import {
  classKinds,
  headFor,
  lossOfClasses,
  modelOf,
  splitClassesInto,
  splitForClasses,
  threeClasses,
  trainClasses,
  accuracyOf,
} from '../../testing/multiLogistic.js';
import { trainOnShard } from '../../trainer/host.js';
import { messageSizes } from '../../trainer/messageSizes.js';
import { openPackage } from '../../trainer/openedPackage.js';
import type { TrainerState } from '../../trainer/state.js';
import { queryLength } from '../logistic/lift.js';
import { evaluateModel } from '../predict.js';
import type { SubsetReply } from '../family.js';
import { multiLogistic } from './index.js';
import { replyLength } from './map.js';
import { setupLength } from './setup.js';
import { firstWeights } from './state.js';

const weightsOf = ({ standings }: { standings: { weights: number[] }[] }): number[][] =>
  standings.map(({ weights }) => weights);

describe('a training', () => {
  it('stays finite, within the range and never gets much worse than no model, on any table', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...classKinds),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom(1, 2),
        (kind, size, seed, degree) => {
          const table = threeClasses(kind, size, seed);
          const head = headFor(table, { degree: degree === 1 ? 1 : 2 });
          const split = splitForClasses(table, head, 3);
          const rounds = trainClasses(split, head, randomDraws(6, 3, 2, `${seed}`));
          for (const { state, figures } of rounds) {
            expect(multiLogistic.stateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
            expect(largest([...multiLogistic.query(state)])).toBeLessThanOrEqual(LARGEST_WEIGHT);
            expect(Object.values(figures).every((figure) => !Number.isNaN(Number(figure)))).toBe(true);
          }
          const last = rounds.at(-1)!.state;
          const first = head.classes.map(() => firstWeights(table.features, 3));
          const loss = (weights: number[][]): number => lossOfClasses(table, split, head, weights);
          expect(loss(weightsOf(last))).toBeLessThan(loss(first) + 0.1);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('of a table that can be separated ends within the bound, and finds every class', () => {
    const table = threeClasses('separable', 2, 7);
    const head = headFor(table);
    const split = splitForClasses(table, head, 2);
    const { state, figures } = trainClasses(split, head, randomDraws(12, 2, 2, 'all')).at(-1)!;
    expect(figures.boundActive).toBe(false);
    expect(figures.step).toBeLessThan(0.05);
    expect(accuracyOf(table, modelOf(state, split))).toBeGreaterThan(0.99);
    const free = { ...head, lambda: 1e-6 };
    const bounded = trainClasses(split, free, randomDraws(12, 2, 2, 'all')).at(-1)!;
    expect(bounded.figures.boundActive).toBe(true);
  });
});

describe('a class that a subset lacks', () => {
  const table = threeClasses('noisy', 3, 5);
  const head = headFor(table);
  const rowsOf = (wanted: (target: number, row: number) => boolean): number[] =>
    [...table.targets.keys()].filter((row) => wanted(table.targets[row]!, row));
  const parts = [
    rowsOf((target, row) => target !== 2 && row % 2 === 0),
    rowsOf((target, row) => target === 2 || row % 2 === 1),
  ];

  it('is learnt from the others', () => {
    const split = splitClassesInto(table, head, parts);
    expect(split.moments[0]!.shares[2]).toBe(0);
    const whole = splitForClasses(table, head, 2);
    const draws = randomDraws(6, 2, 2, 'all');
    const [skewed, even] = [split, whole].map((of) =>
      evaluateModel(table, modelOf(trainClasses(of, head, draws).at(-1)!.state, of)),
    );
    expect(skewed![0]!.value).toBeLessThan(even![0]!.value + 0.02);
  });

  it('is taken for next to impossible while no other was asked, and the state stays sound', () => {
    const split = splitClassesInto(table, head, parts);
    for (const { state } of trainClasses(split, head, [[0], [0], [0], [0]])) {
      expect(multiLogistic.stateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
      expect(multiLogistic.isComplete(state)).toBe(false);
    }
  });
});

describe('a state', () => {
  const table = threeClasses('noisy', 2, 1);
  const head = headFor(table);
  const split = splitForClasses(table, head, 2);
  const { template } = split;

  it('of another template or head is none', () => {
    const state = multiLogistic.firstState(template, head);
    expect(multiLogistic.fits(state, template, head)).toBe(true);
    expect(multiLogistic.fits(state, { ...template, features: 3 }, head)).toBe(false);
    expect(multiLogistic.fits(state, template, { ...head, degree: 1 })).toBe(false);
    expect(multiLogistic.fits(state, template, { ...head, classes: [0, 1, 3] })).toBe(false);
    expect(multiLogistic.fits(state, template, { ...head, classes: [0, 1, 2, 3] })).toBe(false);
  });

  it('of a round without replies is the one before', () => {
    const { state } = trainClasses(split, head, [[0], [1]]).at(-1)!;
    const stepped = multiLogistic.step({ head, template, state, rounds: 2 }, [], NOISE);
    expect(stepped.state).toEqual(state);
    expect(stepped.figures).toMatchObject({ step: 0, stepRefused: false });
    const first = multiLogistic.firstState(template, head);
    expect(multiLogistic.step({ head, template, state: first, rounds: 0 }, [], NOISE).state).toEqual(first);
  });

  it('does not begin where the target cannot have the classes', () => {
    const refused = (classes: number[]) => () => multiLogistic.firstState(template, { ...head, classes });
    expect(refused([0, 0.5, 1])).toThrow('VT7014');
    expect(refused([3, 4, 5])).toThrow('VT7014');
    expect(refused([0, 1, 2])).not.toThrow();
  });
});

describe('whatever hosts answer', () => {
  const table = threeClasses('noisy', 3, 1);
  const head = headFor(table);
  const split = splitForClasses(table, head, 2);
  const { template } = split;
  const { state } = trainClasses(split, head, [[0]]).at(-1)!;
  const trained = { head, template, state, rounds: 1 };
  const honest = honestReply();

  function honestReply(): SubsetReply {
    const map = multiLogistic.hostMap(split.moments[0]!, head, split.shapes[0]!);
    const query = multiLogistic.query(state);
    const values = [0, 1, 2].flatMap((place) => {
      const own = query.slice(place * map.inputs, (place + 1) * map.inputs);
      return Array.from({ length: map.outputs }, (_, output) =>
        dot([...map.matrix.subarray(output * map.inputs, (output + 1) * map.inputs)], own),
      );
    });
    return { subset: 0, values, imaginary: [] };
  }
  const unusable = (reply: Partial<SubsetReply>): string | null =>
    multiLogistic.unusable!(trained, { ...honest, ...reply }, NOISE);

  it('an honest reply is used, and one that no rows make is refused and changes nothing', () => {
    expect(unusable({})).toBeNull();
    expect(unusable({ values: [1] })).toMatch(/width/);
    expect(unusable({ subset: 1 })).toMatch(/no moments/);
    const setup = new Array<number>(setupLength(3, 3)).fill(-1);
    expect(unusable({ subset: 1, setup })).toMatch(/not those of rows/);
    for (let place = 1; place < honest.values.length; place += 2)
      expect(unusable({ values: honest.values.with(place, 9) })).toMatch(/contradicts/);
    const bent = { ...honest, values: honest.values.with(1, 9) };
    expect(multiLogistic.step(trained, [bent], NOISE).state.subsets).toEqual(state.subsets);
  });

  it('a set-up whose shares are none is refused', () => {
    const setup = [...multiLogistic.setup!.numbers(split.moments[1]!, head, split.shapes[1]!)];
    const shares = setupLength(3, 3) - 4;
    for (const share of [-0.5, 1.5])
      expect(unusable({ subset: 1, setup: setup.with(shares, share) })).toMatch(/not those of rows/);
  });

  it('the model can be saved and asked about', () => {
    const third = fc.double({ min: -LARGEST_COEFFICIENT, max: LARGEST_COEFFICIENT, noNaN: true });
    fc.assert(
      fc.property(fc.array(third, { minLength: 9, maxLength: 9 }), (thirds) => {
        const values = honest.values.map((value, place) => (place % 2 === 1 ? value : thirds[place / 2]!));
        const next = multiLogistic.step(trained, [{ ...honest, values }], NOISE).state;
        expect(multiLogistic.stateSchema.parse(JSON.parse(JSON.stringify(next)))).toEqual(next);
        expect(largest([...multiLogistic.query(next)])).toBeLessThanOrEqual(LARGEST_WEIGHT);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('an encrypted reply', () => {
  const table = threeClasses('noisy', 8, 2);
  const head = headFor(table);

  it('of which any ciphertext is spoilt is left out', async () => {
    const program = defineProgram({ family: 'multiLogistic', ...head });
    const prepared = prepare(table, 2);
    const opened = openPackage(prepared.packageBytes[0]!, { program, template: prepared.template });
    const trainer = await trainerOf(prepared, program);
    const sizes = messageSizes(program, table.features);
    const reply = async (state: TrainerState, attempt: number): Promise<Uint8Array> => {
      const model = await trainer.modelForRound(state, attempt);
      expect(model.length).toBe(sizes.modelBytes);
      return trainOnShard({ package: opened, program, model, heKey: trainer.heKey(), ...context, attempt });
    };
    const first = await reply(trainer.initialState(), 1);
    expect(first.length).toBe(sizes.firstUpdateBytes);
    const { state } = await trainer.applyUpdates(trainer.initialState(), 1, [{ subset: 0, bytes: first }]);
    const second = await reply(state, 2);
    expect(second.length).toBe(sizes.updateBytes);
    const { metrics } = await trainer.applyUpdates(state, 2, [{ subset: 0, bytes: second }]);
    expect(metrics.unusable).toEqual([]);
    // Of each ciphertext, the last residue of its second part. The set-up is the last one of the first reply.
    const { outputRuns, groups } = coefficientLayout(coefficientParameters, {
      inputs: queryLength(table.features, 2),
      outputs: replyLength(table.features, 2),
      vectors: 3,
    });
    const count = outputRuns * groups;
    const size = (second.length - FRAME_BYTES) / count;
    const ends = Array.from({ length: count }, (_, index) => FRAME_BYTES + (index + 1) * size);
    for (const end of ends) {
      const bytes = second.slice();
      bytes[end - 3]! ^= 1;
      const bent = await trainer.applyUpdates(state, 2, [{ subset: 0, bytes }]);
      expect(bent.metrics.unusable).toHaveLength(1);
    }
    const bytes = first.slice();
    bytes[bytes.length - 3]! ^= 1;
    const bent = await trainer.applyUpdates(trainer.initialState(), 1, [{ subset: 0, bytes }]);
    expect(bent.metrics.unusable).toHaveLength(1);
  });
});
