/** Programs that are registered, and models that were trained. */
export { agreedProgram, architectureOf, isDisagreement } from './agreedProgram.js';
export { fetchProgram, templateOf } from './documents.js';
export { findTrainedModel } from './findTrainedModel.js';
export { predictRows } from './predictRows.js';
export { registerModel } from './registerModel.js';
export {
  encodeTrainedModel,
  modelSalt,
  trainedModelFile,
  trainedModelSchema,
  writeTrainedModel,
} from './trainedModel.js';
export type { TrainedModel } from './trainedModel.js';
export { verifyTrainedModel } from './verifyTrainedModel.js';
