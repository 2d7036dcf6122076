import { MAX_FEATURES } from '../../data/limits.js';
import { LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily } from '../family.js';
import { chooseLogisticHead, logisticHeadSchema, type LogisticHead } from './head.js';
import { askedPoint, liftedMap, monomialsOf, queryLength } from './lift.js';
import {
  logisticLoss,
  logisticMetrics,
  logisticPredictor,
  logisticScores,
  parseParameters,
  toInputUnits,
} from './model.js';
import { LogisticSums, type LogisticMoments } from './moments.js';
import { unusableReply } from './replies.js';
import { setupLength, setupOf } from './setup.js';
import { firstLogisticState, hasSizes, isOfHead, logisticStateSchema, type LogisticState } from './state.js';
import { estimateOf, logisticStep } from './step.js';
import { knownSubsets, shapeOf } from './subsets.js';

/**
 * Logistic regression with a ridge penalty, for a target of two values, on standardised columns. A subset says its second
 * moments once. The query is the monomials of the weights; hosts reply with third moments at them, one matrix product for any
 * number of rows. Of both the model owner makes an estimate of the log-loss, and minimises that in clear.
 */
export const logistic: ModelFamily<LogisticHead, LogisticMoments, LogisticState> = {
  name: 'logistic',
  maxFeatures: MAX_FEATURES,
  wantsOnes: false,
  sumsNeedProgram: false,
  task: 'classification',
  headSchema: logisticHeadSchema,
  stateSchema: logisticStateSchema,
  chooseHead: chooseLogisticHead,
  sums: () => new LogisticSums(),
  privateChoices: { degree: 1 },
  fromSecondMoments: (moments) => ({ ...moments, third: new Float64Array(0) }),
  hostMap: liftedMap,
  exposes: ({ degree }) => (degree === 1 ? 'secondMoments' : 'thirdMoments'),
  messages: ({ degree }, features) => ({
    inputs: queryLength(features, degree),
    outputs: features,
    imaginary: degree === 2,
    maxInput: LARGEST_WEIGHT,
    setup: setupLength(features),
  }),
  setup: {
    numbers: (moments, _, shape) => setupOf(moments, shape),
    isKnown: ({ subsets }, subset) => subsets[subset] !== null,
  },
  firstState: firstLogisticState,
  fits: (state, template, head) => hasSizes(state, template) && isOfHead(state, head),
  query: ({ weights, degree }) => monomialsOf(askedPoint(weights.slice(0, -1)), degree),
  isComplete: ({ subsets }) => !subsets.includes(null),
  unusable: ({ state, template }, reply, noise) =>
    unusableReply(state, reply, { shape: shapeOf(template, reply.subset), noise }),
  step: logisticStep,
  trainingLoss: ({ state, template, head }, noise) => {
    const subsets = knownSubsets(state.subsets, template).map(({ subset }) => subset);
    if (subsets.length === 0) return { metrics: [], subsets };
    const value = estimateOf(state, { head, template, noise }).logLoss(state.weights);
    return { metrics: [{ name: 'logLoss', value }], subsets };
  },
  parameters: ({ weights, classes }, template, bits) =>
    toInputUnits(roundedTo(bits, weights), classes, template),
  loss: logisticLoss,
  metrics: logisticMetrics,
  predictor: logisticPredictor,
  scores: logisticScores,
  classes: (parameters) => parseParameters(parameters).classes,
};
