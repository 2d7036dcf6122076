import { MAX_COLUMNS } from '../../data/limits.js';
import { TrainingError } from '../../errors.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily } from '../family.js';
import { gradientMap, gradientMessages } from '../squaredLoss/gradient.js';
import { OutputSums, type OutputMoments } from '../squaredLoss/moments.js';
import { firstBlockState, hasSizes } from '../squaredLoss/state.js';
import { blockStep, squaredGain } from '../squaredLoss/step.js';
import { classLoss, classOutputs } from './classes.js';
import { chooseRidgeHead, ridgeHeadSchema, type RidgeHead } from './head.js';
import {
  classMetrics,
  errorRate,
  parseParameters,
  ridgePredictor,
  ridgeScores,
  toParameters,
} from './model.js';
import { ridgeStateSchema, type RidgeState } from './state.js';

/**
 * Ridge regression of class indicators: a target of several values is one column for each class, 1 in its rows and 0 in others. All
 * classes share the moments of the features, so that a host's map is one matrix for the weights of all of them.
 */
export const ridgeClassifier: ModelFamily<RidgeHead, OutputMoments, RidgeState> = {
  name: 'ridgeClassifier',
  maxFeatures: MAX_COLUMNS,
  wantsOnes: false,
  sumsNeedProgram: true,
  task: 'classification',
  headSchema: ridgeHeadSchema,
  stateSchema: ridgeStateSchema,
  chooseHead: chooseRidgeHead,
  exposes: () => 'secondMoments',
  messages: (head, features) => gradientMessages(classLoss(head), features),
  sums: (of) => {
    if (of !== undefined) return new OutputSums(classOutputs(of.head, of.template));
    throw new TrainingError('VT7501', 'a package of classes is opened for a program and a template');
  },
  hostMap: (moments, head) => gradientMap(moments, classLoss(head)),
  firstState: (template, head) => ({
    classes: head.classes,
    ...firstBlockState(template, head.classes.length),
  }),
  fits: (state, template) => hasSizes(state, template, state.classes.length),
  query: ({ query }) => query,
  isComplete: ({ used }) => !used.includes(false),
  step: ({ state, template, head }, replies, noise) =>
    blockStep({ state, template, loss: classLoss(head) }, replies, noise),
  trainingLoss: ({ state, template, head }) => {
    const gain = squaredGain(state, classLoss(head));
    // Scores of 0 are wrong by 1, at the class of a row.
    return gain === undefined
      ? { metrics: [], subsets: [] }
      : {
          metrics: [{ name: 'squaredLoss', value: Math.max(0, 1 + 2 * gain) }],
          subsets: [...template.subsetRows.keys()],
        };
  },
  parameters: ({ weights, classes }, template, bits) =>
    toParameters(roundedTo(bits, weights), classes, template),
  loss: errorRate,
  metrics: classMetrics,
  predictor: ridgePredictor,
  severalClasses: (parameters) => parseParameters(parameters).classes,
  scores: ridgeScores,
};
