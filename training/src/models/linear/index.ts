import { MAX_FEATURES } from '../../data/limits.js';
import { LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { remember } from '../../optimisers/memory.js';
import { takeStep, type Step } from '../../optimisers/optimiser.js';
import {
  firstOptimiserState,
  hasSizes,
  optimiserStateSchema,
  type OptimiserState,
} from '../../optimisers/state.js';
import { largest, norm, subtract } from '../../optimisers/vectors.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily, StepFigures, Stepped, SubsetReply, Trained } from '../family.js';
import { meanSquaredError, regressionMetrics } from '../regressionMetrics.js';
import { affineMapOf } from './affineMap.js';
import { gramFrom, GramSums, type Gram } from './gram.js';
import { chooseLinearHead, linearHeadSchema, type LinearHead } from './head.js';
import { linearPredictor, linearScores, toInputUnits } from './model.js';
import { spansOf } from './stepSize.js';
import { linearTrainingLoss } from './trainingLoss.js';

/**
 * Linear regression, least squares or ridge, on standardised columns. The query is the weights; a host folds gradient
 * steps on its rows into one affine map of them, so that a round costs the same for any number of rows and steps.
 */
export const linear: ModelFamily<LinearHead, Gram, OptimiserState> = {
  name: 'linear',
  maxFeatures: MAX_FEATURES,
  wantsOnes: true,
  sumsNeedProgram: false,
  task: 'regression',
  headSchema: linearHeadSchema,
  stateSchema: optimiserStateSchema,
  chooseHead: chooseLinearHead,
  exposes: () => 'secondMoments',
  messages: (_, features) => ({
    inputs: features,
    outputs: features,
    imaginary: false,
    maxInput: LARGEST_WEIGHT,
    setup: 0,
  }),
  sums: () => new GramSums(),
  fromSecondMoments: gramFrom,
  hostMap: affineMapOf,
  firstState: ({ features, subsetRows }) => firstOptimiserState(features, subsetRows.length),
  fits: (state, { features, subsetRows }) => hasSizes(state, features, subsetRows.length),
  query: ({ query }) => query,
  isComplete: ({ memory }) => !memory.includes(null),
  step,
  trainingLoss: linearTrainingLoss,
  parameters: ({ weights }, template, bits) => toInputUnits(roundedTo(bits, weights), template),
  loss: meanSquaredError,
  metrics: regressionMetrics,
  predictor: linearPredictor,
  scores: linearScores,
};

function step(
  { head, template, state, rounds }: Trained<LinearHead, OptimiserState>,
  replies: readonly SubsetReply[],
  noise: number,
): Stepped<OptimiserState> {
  const spans = spansOf(head, template);
  const memory = [...state.memory];
  for (const { subset, values } of replies) {
    const gradient = subtract(state.query, values).map((value) => value / (spans[subset] ?? 1));
    memory[subset] = remember(memory[subset] ?? null, state.query, gradient);
  }
  const learnt = { ...state, memory };
  const facts = { rows: template.subsetRows, noise: spans.map((span) => noise / span) };
  const taken = takeStep(learnt, rounds, head, facts);
  const moved = replies.length === 0 ? undefined : taken;
  const next = { ...learnt, ...moved?.moved };
  const figures = {
    ...knownOf(taken, next),
    boundActive: largest(next.weights) >= LARGEST_WEIGHT,
    stepRefused: moved?.stepRefused ?? false,
    step: norm(subtract(next.weights, state.weights)),
  };
  return { state: next, figures };
}

const knownOf = (
  taken: Step | undefined,
  { weights }: OptimiserState,
): Pick<StepFigures, 'gradientNorm' | 'lossEstimate'> =>
  taken === undefined
    ? { gradientNorm: 0, lossEstimate: 0 }
    : { gradientNorm: taken.gradientNorm, lossEstimate: taken.estimate.at(weights) };
