import { MAX_COLUMNS } from '../../data/limits.js';
import { TrainingError } from '../../errors.js';
import { roundedTo } from '../../rounding.js';
import type { ModelFamily } from '../family.js';
import { gradientMap, LARGEST_QUERY, replyScale } from './gradient.js';
import { chooseRidgeHead, ridgeHeadSchema, type RidgeHead } from './head.js';
import { classMetrics, errorRate, ridgePredictor, toParameters } from './model.js';
import { ClassSums, type ClassMoments } from './moments.js';
import { firstRidgeState, hasSizes, ridgeStateSchema, type RidgeState } from './state.js';
import { ridgeStep } from './step.js';

/**
 * Ridge regression of class indicators: a target of several values is one column for each class, 1 in its rows and 0 in others. All
 * classes share the moments of the features, so that a host's map is one matrix for the weights of all of them.
 */
export const ridgeClassifier: ModelFamily<RidgeHead, ClassMoments, RidgeState> = {
  name: 'ridgeClassifier',
  maxFeatures: MAX_COLUMNS,
  wantsOnes: false,
  sumsNeedProgram: true,
  task: 'classification',
  headSchema: ridgeHeadSchema,
  stateSchema: ridgeStateSchema,
  chooseHead: chooseRidgeHead,
  exposes: () => 'secondMoments',
  messages: (head, features) => ({
    inputs: features + 1,
    outputs: features + 1,
    vectors: head.classes.length,
    imaginary: false,
    maxInput: LARGEST_QUERY,
    setup: 0,
    unit: 1 / replyScale(head, features + 1),
  }),
  sums: (of) => {
    if (of !== undefined) return new ClassSums(of.head, of.template);
    throw new TrainingError('VT7501', 'a package of classes is opened for a program and a template');
  },
  hostMap: gradientMap,
  firstState: firstRidgeState,
  fits: hasSizes,
  query: ({ query }) => query,
  isComplete: ({ used }) => !used.includes(false),
  step: ridgeStep,
  parameters: ({ weights, classes }, template, bits) =>
    toParameters(roundedTo(bits, weights), classes, template),
  loss: errorRate,
  metrics: classMetrics,
  predictor: ridgePredictor,
};
