/** Registered programs, and trained models. */
export { fetchProgram, templateOf } from './documents.js';
export { agreedProgram, architectureOf, isDisagreement, registerModel } from './modelProgram.js';
export {
  encodeTrainedModel,
  findTrainedModel,
  modelSalt,
  namedParameters,
  predictRows,
  trainedModelFile,
  trainedModelSchema,
  verifyTrainedModel,
  writeTrainedModel,
} from './trainedModel.js';
export type { NamedParameter, TrainedModel } from './trainedModel.js';
