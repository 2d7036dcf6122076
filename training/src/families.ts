/**
 * A model family of one's own: the interface, how a process gets to know it, and what families of squared loss are made of. Computation
 * on hosts has to give the same bits on every machine: + − × ÷ √ in a fixed order, and no other function of `Math`.
 * @module
 */
export { registerFamily, ownFamilies, type OwnFamily } from './models/registry.js';
export type {
  Exposure,
  HostMap,
  MessageShape,
  ModelFamily,
  MomentSums,
  Setup,
  StepFigures,
  Stepped,
  SubsetReply,
  SubsetShape,
  Task,
  Trained,
  TrainingLoss,
} from './models/family.js';
export type { FamilyTemplate } from './maps/mappedRows.js';
export type { RowVisitor } from './data/rowBlock.js';
export type { Decision, ModelScores, ScoresOf } from './models/scores.js';

export { cut, LARGEST_FEATURE } from './maps/featureMap.js';
export { MAX_COLUMNS } from './data/limits.js';
export { roundedTo } from './rounding.js';
export { meanSquaredError, regressionMetrics } from './models/regressionMetrics.js';
export { gradientMap, gradientMessages, type SquaredLoss } from './models/squaredLoss/gradient.js';
export { OutputSums, type OutputMoments, type Outputs } from './models/squaredLoss/moments.js';
export { blockStateSchema, firstBlockState, hasSizes, type BlockState } from './models/squaredLoss/state.js';
export { blockStep, type StepInput } from './models/squaredLoss/step.js';
export { ridge } from './models/ridge/index.js';
export { ridgeLoss, startsOf } from './models/ridge/loss.js';
export { ridgeHeadSchema, type RidgeHead } from './models/ridge/head.js';
