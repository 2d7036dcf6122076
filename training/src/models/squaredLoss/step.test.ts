import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../data/table.js';
import { addTo, dot, multiply, norm, solveDefinite, subtract } from '../../optimisers/vectors.js';
import { expectedNoise } from '../../precision.js';
import { hardKinds, hardTable } from '../../testing/hardTables.js';
import {
  randomDraws,
  splitFor,
  trainFamily,
  type ClearRound,
  type LogisticSplit,
} from '../../testing/logistic.js';
import { classKinds, threeClasses } from '../../testing/multiLogistic.js';
import type { ModelFamily, Setup, Stepped, SubsetReply } from '../family.js';
import { ridge } from '../ridge/index.js';
import { ridgeLoss } from '../ridge/loss.js';
import { classLoss } from '../ridgeClassifier/classes.js';
import { ridgeClassifier } from '../ridgeClassifier/index.js';
import { vectorsOf, type Vectors } from './directions.js';
import { replyScale, type SquaredLoss } from './gradient.js';
import type { OutputMoments } from './moments.js';
import type { BlockState } from './state.js';

/** A family on a table, without the types in which families differ. */
interface Learner {
  readonly loss: SquaredLoss;
  readonly split: LogisticSplit<OutputMoments>;
  /** Largest error that is expected of a number of an encrypted reply. */
  readonly noise: number;
  first(): BlockState;
  step(state: BlockState, replies: readonly SubsetReply[]): Stepped<BlockState>;
  /** Rounds in clear; replies carry the given noise. */
  train(draws: readonly (readonly number[])[], noise: number): ClearRound<BlockState>[];
  /** A state as a checkpoint brings it back. */
  saved(state: BlockState): BlockState;
}

/** First replies of `trainFamily` carry a set-up, which these families do not have. */
const noSetup: Setup = { numbers: () => new Float64Array(0), isKnown: () => true };

function learnerOf<Head, State extends BlockState>(
  family: ModelFamily<Head, OutputMoments, State>,
  { head, loss }: { readonly head: Head; readonly loss: SquaredLoss },
  table: Table,
  subsets: number,
): Learner {
  const split = splitFor((template) => family.sums({ head, template }), table, subsets);
  const { template } = split;
  const noise = expectedNoise(family.messages(head, table.features));
  const saved = (state: unknown): State => family.stateSchema.parse(JSON.parse(JSON.stringify(state)));
  return {
    loss,
    split,
    noise,
    saved,
    first: () => family.firstState(template, head),
    step: (state, replies) => family.step({ head, template, state: saved(state), rounds: 0 }, replies, noise),
    train: (draws, given) =>
      trainFamily<Head, OutputMoments, State>({ ...family, setup: noSetup }, split, head, draws, given),
  };
}

interface Choices {
  readonly kind: (typeof classKinds)[number];
  readonly size: number;
  readonly seed: number;
  readonly subsets: number;
  readonly lambda: number;
}

/** One output, and further vectors along which more of the matrix is learnt. */
function ridgeLearner({ kind, size, seed, subsets, lambda }: Choices): Learner {
  const hard = hardKinds.find((name) => name === kind);
  const table = hard === undefined ? threeClasses(kind, size, seed) : hardTable(hard, size, seed);
  const head = { lambda };
  return learnerOf(ridge, { head, loss: ridgeLoss(head, table.features) }, table, subsets);
}

/** Three outputs, and no vectors beside theirs. */
function classLearner({ kind, size, seed, subsets, lambda }: Choices): Learner {
  const head = { classes: [0, 1, 2], lambda };
  return learnerOf(ridgeClassifier, { head, loss: classLoss(head) }, threeClasses(kind, size, seed), subsets);
}

/** The weights of each output. */
const outputsOf = ({ weights }: BlockState, { outputs, vectors }: SquaredLoss): Vectors =>
  vectorsOf(weights, vectors).slice(0, outputs);

/** The regularised loss on all rows, less that of weights of 0, by the exact moments of the subsets. */
function exactLoss({ loss: { lambda, outputs }, split: { template, moments } }: Learner) {
  const width = template.features + 1;
  const curvature = Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? lambda : 0));
  const sums = Array.from({ length: outputs * width }, () => 0);
  for (const [subset, { matrix, products }] of moments.entries()) {
    const share = template.subsetRows[subset]! / template.rows;
    addTo(curvature, share, [...matrix]);
    addTo(sums, share, [...products]);
  }
  const rights = vectorsOf(sums, outputs);
  const at = (weights: Vectors): number =>
    rights.reduce((sum, right, output) => {
      const own = [...weights[output]!];
      return sum + dot(own, multiply(curvature, own)) / 2 - dot(own, right);
    }, 0);
  return { at, least: () => at(rights.map((right) => solveDefinite(curvature, right)!)) };
}

/**
 * What noise can make of the loss of a step, to first order in the noise. It leaves a gradient known to within e = noise/scale·√width,
 * and the image of a direction to within 2e. So the residual is wrong by e for each output, and by 2e for each length 1 that the model
 * went along one of the directions.
 * @param step how far the model moves
 * @param way how far it moved in all steps, this one included
 */
function allowance({ loss, split }: Learner, noise: number, step: number, way: number): number {
  const width = split.template.features + 1;
  const e = (noise / replyScale(loss, width)) * Math.sqrt(width);
  return e * step * loss.vectors * (1 + 2 * way) + 1e-12;
}

const trainings = fc
  .record({
    kind: fc.constantFrom(...classKinds),
    size: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat(),
    subsets: fc.integer({ min: 2, max: 4 }),
    lambda: fc.constantFrom(0, 1e-5, 1e-3, 0.1),
    // Of one reply, and of the sum of a batch of 256.
    noises: fc.constantFrom(1, 16),
  })
  // Wide tables have few rows.
  .map((drawn) => (drawn.kind === 'wide' ? { ...drawn, subsets: Math.min(3, drawn.subsets) } : drawn));

/** Among its directions a nearly flat one comes before steep ones. */
const nearlyFlatFirst = {
  kind: 'one-hot',
  size: 3,
  seed: 2_147_483_644,
  subsets: 2,
  lambda: 0,
  noises: 1,
} as const;

/** Half of the subsets in each round, drawn at random. */
const halves = ({ subsets, seed }: Choices): number[][] =>
  randomDraws(40, subsets, Math.ceil(subsets / 2), String(seed));

describe.each([
  ['ridge', ridgeLearner],
  ['ridgeClassifier', classLearner],
] as const)('on random, collinear, duplicated, one-hot and separable tables: %s', (_, learnerFor) => {
  it('no step makes the exact loss worse than noise allows, nor the owner’s estimate at all', () => {
    fc.assert(
      fc.property(trainings, (choices) => {
        const learner = learnerFor(choices);
        const { loss } = learner;
        const noise = choices.noises * learner.noise;
        const exact = exactLoss(learner);
        let last = { weights: outputsOf(learner.first(), loss), value: 0, estimate: 0, way: 0 };
        for (const { state, figures } of learner.train(halves(choices), noise)) {
          const weights = outputsOf(state, loss);
          const value = exact.at(weights);
          const step = norm(subtract(weights.flat(), last.weights.flat()));
          const way = last.way + step;
          expect(value - last.value).toBeLessThanOrEqual(allowance(learner, noise, step, way));
          expect(figures.lossEstimate).toBeLessThanOrEqual(last.estimate + 1e-12);
          expect(Math.abs(figures.lossEstimate - value)).toBeLessThan(allowance(learner, noise, way, way));
          if (figures.stepRefused) expect(step).toBe(0);
          last = { weights, value, estimate: figures.lossEstimate, way };
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('the model stays, and is asked about as before, until every subset has answered', () => {
    fc.assert(
      fc.property(trainings, (choices) => {
        const learner = learnerFor(choices);
        const draws = halves(choices);
        const answered = new Set<number>();
        let before = learner.first();
        for (const [round, { state }] of learner.train(draws, learner.noise).entries()) {
          for (const subset of draws[round]!) answered.add(subset);
          if (answered.size === choices.subsets) answered.clear();
          else expect([state.weights, state.query]).toEqual([before.weights, before.query]);
          before = state;
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('all numbers are finite, queries are directions, and a penalty bounds the weights', () => {
    fc.assert(
      fc.property(trainings, (choices) => {
        const learner = learnerFor(choices);
        const { lambda, vectors } = learner.loss;
        for (const { state, figures } of learner.train(halves(choices), choices.noises * learner.noise)) {
          expect(learner.saved(state)).toEqual(state);
          expect(Object.values(figures).every((figure) => Number.isFinite(Number(figure)))).toBe(true);
          // Of length 1 each, or zeros.
          for (const direction of vectorsOf(state.query, vectors))
            expect(Math.abs(norm(direction) - 0.5)).toBeCloseTo(0.5, 9);
          // The loss is at most that of weights of 0, which is half the mean square of outputs: up to 1/2.
          const own = norm(outputsOf(state, learner.loss).flat());
          expect(lambda * own ** 2).toBeLessThan(1.001);
          // Other vectors make w·(XᵀX/n + lambda·I)·w/2 − w·start smaller, where starts have length 1.
          for (const vector of vectorsOf(state.weights, vectors))
            expect(lambda * norm(vector)).toBeLessThan(2);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  // Without a penalty, columns that are the same have no curvature between them but that of noise.
  it('ends within a hundredth of the least loss', () => {
    fc.assert(
      fc.property(trainings, (choices) => {
        const learner = learnerFor(choices);
        const { state } = learner.train(halves(choices), choices.noises * learner.noise).at(-1)!;
        // A small penalty in place of none, so that there is one minimum.
        const loss = { ...learner.loss, lambda: Math.max(1e-6, learner.loss.lambda) };
        const least = exactLoss({ ...learner, loss }).least();
        expect(exactLoss(learner).at(outputsOf(state, learner.loss))).toBeLessThan(0.99 * least);
      }),
      { numRuns: 200, examples: [[nearlyFlatFirst]] },
    );
  }, 60_000);

  it('whatever quadratic hosts answer for, no step raises its estimate: without a minimum it is refused', () => {
    const learner = learnerFor({ kind: 'noisy', size: 3, seed: 1, subsets: 2, lambda: 1e-3 });
    const { loss, split } = learner;
    const width = split.template.features + 1;
    const scale = replyScale(loss, width);
    // Multiples of 1/1,000: none so small that a curvature of it overflows.
    const number = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000);
    const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });
    const quadratics = fc.record({
      slope: numbers(width * loss.vectors),
      entries: numbers(width * width),
      shift: fc.constantFrom(-1, 0, 1, 2, 3),
    });
    let [moved, refused] = [0, 0];
    fc.assert(
      fc.property(quadratics, ({ slope, entries, shift }) => {
        const matrix = entries.map((entry, place) => {
          const [i, j] = [Math.floor(place / width), place % width];
          return (entry + entries[j * width + i]!) / 2 + (i === j ? shift : 0);
        });
        let state = learner.first();
        for (let round = 0; round < 8; round++) {
          const gradient = vectorsOf(state.query, loss.vectors).flatMap((vector) => multiply(matrix, vector));
          const values = addTo(gradient, 1, slope).map((value) => value * scale);
          const replies = [0, 1].map((subset): SubsetReply => ({ subset, values, imaginary: [] }));
          const { state: next, figures } = learner.step(state, replies);
          expect(next.gain).toBeLessThanOrEqual(state.gain + 1e-9 * (1 + Math.abs(state.gain)));
          const directions = vectorsOf(state.query, loss.vectors).filter((vector) => norm(vector) > 0.5);
          const falls = directions.some((vector) => dot(vector, multiply(matrix, vector)) < -1e-9);
          if (falls) expect(figures.stepRefused).toBe(true);
          if (figures.stepRefused) expect(next.weights).toEqual(state.weights);
          moved += figures.step > 0 ? 1 : 0;
          refused += figures.stepRefused ? 1 : 0;
          state = next;
        }
      }),
      { numRuns: 100 },
    );
    expect(moved).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
  }, 60_000);
});
