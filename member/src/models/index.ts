/** Registered programs, and trained models. @module */
export { codebookFor, readCodebook } from './codebook.js';
export { fetchProgram, findTemplate, templateOf } from './documents.js';
export { evaluateRows } from './evaluateRows.js';
export type { ClassEvaluation, Evaluation } from './evaluateRows.js';
export { modelCard } from './modelCard.js';
export type { CardFigures, CardTable, ModelCard, SignedStep } from './modelCard.js';
export { onnxFile } from './onnxFile.js';
export {
  agreedProgram,
  architectureOf,
  familyOfModel,
  isDisagreement,
  modelIdOf,
  registerModel,
} from './modelProgram.js';
export type { ProgramArchitecture, RegisteredModel, RegisterModelInput } from './modelProgram.js';
export {
  encodeTrainedModel,
  findTrainedModel,
  modelSalt,
  namedParameters,
  neededBy,
  predictRows,
  trainedModelFile,
  trainedModelSchema,
  verifyTrainedModel,
  writeTrainedModel,
} from './trainedModel.js';
export type { FoundModel, NamedParameter, Predictions, RowsForm, TrainedModel } from './trainedModel.js';
