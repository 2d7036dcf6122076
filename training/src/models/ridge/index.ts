import { MAX_COLUMNS } from '../../data/limits.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily } from '../family.js';
import { errorsFromGain, meanSquaredError, regressionMetrics } from '../regressionMetrics.js';
import { gradientMap, gradientMessages } from '../squaredLoss/gradient.js';
import { OutputSums, type OutputMoments } from '../squaredLoss/moments.js';
import { blockStateSchema, firstBlockState, hasSizes, type BlockState } from '../squaredLoss/state.js';
import { blockStep, squaredGain } from '../squaredLoss/step.js';
import { chooseRidgeHead, ridgeHeadSchema, type RidgeHead } from './head.js';
import { ridgeLoss, startsOf, targetOutput } from './loss.js';
import { ridgePredictor, ridgeScores, toParameters } from './model.js';

/**
 * Ridge regression of a number on up to 1,024 features. Hosts reply gradients along several directions at once, as for a ridge
 * classifier, and the model owner makes block conjugate gradients of them.
 */
export const ridge: ModelFamily<RidgeHead, OutputMoments, BlockState> = {
  name: 'ridge',
  maxFeatures: MAX_COLUMNS,
  wantsOnes: false,
  sumsNeedProgram: true,
  task: 'regression',
  headSchema: ridgeHeadSchema,
  stateSchema: blockStateSchema,
  chooseHead: chooseRidgeHead,
  exposes: () => 'secondMoments',
  messages: (head, features) => gradientMessages(ridgeLoss(head, features), features),
  sums: () => new OutputSums(targetOutput),
  hostMap: (moments, head, { features }) => gradientMap(moments, ridgeLoss(head, features)),
  firstState: (template, head) => firstBlockState(template, ridgeLoss(head, template.features).vectors),
  fits: (state, template, head) => hasSizes(state, template, ridgeLoss(head, template.features).vectors),
  query: ({ query }) => query,
  isComplete: ({ used }) => !used.includes(false),
  step: ({ state, template, head }, replies, noise) => {
    const loss = ridgeLoss(head, template.features);
    const starts = startsOf(loss, template.features + 1);
    return blockStep({ state, template, loss, starts }, replies, noise);
  },
  trainingLoss: ({ state, template, head }) => {
    const gain = squaredGain(state, ridgeLoss(head, template.features));
    return gain === undefined
      ? { metrics: [], subsets: [] }
      : { metrics: errorsFromGain(gain, template), subsets: [...template.subsetRows.keys()] };
  },
  parameters: ({ weights }, template, bits) =>
    toParameters(roundedTo(bits, weights.slice(0, template.features + 1)), template),
  loss: meanSquaredError,
  metrics: regressionMetrics,
  predictor: ridgePredictor,
  scores: ridgeScores,
};
