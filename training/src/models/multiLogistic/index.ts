import { MAX_FEATURES } from '../../data/limits.js';
import { TrainingError } from '../../errors.js';
import { LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily } from '../family.js';
import { monomialsOf, queryLength } from '../logistic/lift.js';
import { chooseMultiLogisticHead, multiLogisticHeadSchema, type MultiLogisticHead } from './head.js';
import { replyLength, sharedMap } from './map.js';
import {
  classProbabilities,
  multiLogisticLoss,
  multiLogisticMetrics,
  multiLogisticPredictor,
  multiLogisticScores,
  parseParameters,
  toParameters,
} from './model.js';
import { MultiLogisticSums, type MultiLogisticMoments } from './moments.js';
import { askedPoints, unusableReply } from './replies.js';
import { setupLength, setupOf } from './setup.js';
import {
  firstState,
  hasSizes,
  isOfHead,
  multiLogisticStateSchema,
  type MultiLogisticState,
} from './state.js';
import { multiLogisticStep } from './step.js';
import { classLogLoss } from './trainingLoss.js';
import { shapeOf } from '../logistic/subsets.js';

/**
 * Logistic regression of each of 3 to 16 classes against the rest, with a ridge penalty, on standardised columns. A subset says its
 * second moments once, and with them what each class has of the columns. The query is the monomials of the weights of every class;
 * all share the matrix of a host. The model owner makes an estimate of the log-loss of each class, and minimises it in clear.
 */
export const multiLogistic: ModelFamily<MultiLogisticHead, MultiLogisticMoments, MultiLogisticState> = {
  name: 'multiLogistic',
  maxFeatures: MAX_FEATURES,
  wantsOnes: false,
  sumsNeedProgram: true,
  task: 'classification',
  headSchema: multiLogisticHeadSchema,
  stateSchema: multiLogisticStateSchema,
  chooseHead: chooseMultiLogisticHead,
  exposes: ({ degree }) => (degree === 1 ? 'secondMoments' : 'thirdMoments'),
  messages: ({ degree, classes }, features) => ({
    inputs: queryLength(features, degree),
    outputs: replyLength(features, degree),
    vectors: classes.length,
    imaginary: false,
    maxInput: LARGEST_WEIGHT,
    setup: setupLength(features, classes.length),
  }),
  setup: {
    numbers: (moments, _, shape) => setupOf(moments, shape),
    isKnown: ({ subsets }, subset) => subsets[subset] !== null,
  },
  sums: (of) => {
    if (of !== undefined) return new MultiLogisticSums(of.head, of.template);
    throw new TrainingError('VT7501', 'a package of classes is opened for a program and a template');
  },
  hostMap: sharedMap,
  firstState,
  fits: (state, template, head) => isOfHead(state, head) && hasSizes(state, template),
  query: (state) => askedPoints(state).flatMap((point) => monomialsOf(point, state.degree)),
  isComplete: ({ subsets }) => !subsets.includes(null),
  unusable: ({ state, template }, reply, noise) =>
    unusableReply(state, reply, { shape: shapeOf(template, reply.subset), noise }),
  step: multiLogisticStep,
  trainingLoss: ({ state, template }, noise) => classLogLoss(state, template, noise),
  parameters: ({ standings, classes }, template, bits) =>
    toParameters(
      standings.map(({ weights }) => roundedTo(bits, weights)),
      classes,
      template,
    ),
  loss: multiLogisticLoss,
  metrics: multiLogisticMetrics,
  predictor: multiLogisticPredictor,
  scores: multiLogisticScores,
  severalClasses: (parameters) => parseParameters(parameters).classes,
  probabilities: classProbabilities,
};
