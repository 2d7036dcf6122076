export { csvText, plainCsvText, type CsvRows } from './data/csvText.js';
export type {
  CsvOptions,
  DecimalMark,
  Encoding,
  Recognised,
  TableReading,
  ThousandsMark,
} from './data/csvOptions.js';
export { TrainingError, trainingErrors, type ErrorFacts, type TrainingErrorCode } from './errors.js';

export { parseTable, type Table, type TableOptions } from './data/table.js';
export { parseRows, type FeatureRows, type OtherLevels, type RowsOptions } from './data/rows.js';
export { readTable, type ReadTableOptions } from './data/readTable.js';
export type { ReadFacts } from './data/finishTable.js';
export type { HeldOutChoice, HeldOutRows } from './data/heldOut.js';
export { rareLevelFor, type RecipeChoices } from './data/recipe/choices.js';
export { codebookSchema, codedColumnsOf, decodeRecipe, type Codebook } from './data/recipe/codebook.js';
export type { CodeChoice } from './data/recipe/codeLevels.js';
export { madeUpRows, type MadeUpRows } from './data/recipe/madeUpRows.js';
export type {
  CountsRowsNote,
  FilledNote,
  LeftOutNote,
  MergedNote,
  RecipeNote,
  SaysTargetNote,
} from './data/recipe/notes.js';
export {
  featureNamesOf,
  featuresOf,
  recipeSchema,
  type ColumnRecipe,
  type Recipe,
} from './data/recipe/recipe.js';
export type { RowStore, RowTable } from './data/rowTable.js';
export {
  rowTableOf,
  splitRows,
  splitTable,
  type RowSplit,
  type Shard,
  type SplitOptions,
  type SplitResult,
} from './data/split.js';
export {
  countPackageCells,
  DEFAULT_LEAST_CELL,
  leastCellOf,
  rareRows,
  requireLeastCells,
  type ColumnLeastCells,
  type LeastCell,
  type LocatedCell,
} from './data/leastCells.js';
export {
  countPackagePairs,
  leastPairOf,
  requirePairCells,
  type LocatedPair,
  type PairCell,
} from './data/pairCells.js';
export {
  DEFAULT_VALUES_PER_MOMENT,
  fewRows,
  momentsText,
  requireValuesPerMoment,
  shownMoments,
  type MomentTemplate,
  type ShownMoments,
} from './data/shownMoments.js';
export {
  splitPrivately,
  type PrivacyChoices,
  type PrivateSplit,
  type PrivateSplitOptions,
} from './privacy/privateSplit.js';
export { privacyTermsSchema, type PrivacyTerms } from './privacy/terms.js';
export { requireServed } from './privacy/serves.js';
export type { SecondMoments } from './data/secondMoments.js';
export { encodePrivatePackage, type PrivatePackageInput } from './data/privatePackage.js';
export type { SplitReport } from './data/splitReport.js';
export type { SplitRule } from './data/splitPlan.js';
export {
  decodeTemplate,
  encodeTemplate,
  parseTemplate,
  templateDigest,
  templateSchema,
  type Template,
} from './data/template.js';
export {
  encodePackage,
  packagePieces,
  type DataPackage,
  type PackageBatch,
  type PackageInput,
  type PackagePiecesInput,
} from './data/package.js';
export {
  encryptPackage,
  openEncryptedPackage,
  type EncryptPackageInput,
  type OpenEncryptedOptions,
} from './trainer/encryptedPackage.js';
export { openPackage, readPackage, type ReadOptions } from './trainer/openedPackage.js';
export { isOpenedByProgram, type OpenOptions } from './trainer/opening.js';
export { MAX_PACKAGE_BYTES } from './data/packageHead.js';
export type { RowBlock } from './data/rowBlock.js';
export {
  classesOf,
  classProbabilities,
  evaluateClasses,
  evaluateModel,
  evaluateSeveralClasses,
  firstModel,
  lossOf,
  predict,
  taskOf,
  type ClassPredictions,
  type ClassProbabilities,
} from './models/predict.js';
export type {
  CalibrationPoint,
  ClassCurves,
  ConfusionMatrix,
  RocPoint,
} from './models/classificationCurves.js';
export type { ClassFigures, SeveralClasses } from './models/severalClasses.js';
export type { Exposure, Task } from './models/family.js';
export { chooseProgram, type ProgramWish } from './chooseProgram.js';
export { parseFeatureMap } from './maps/mapText.js';
export { featureMapSchema, mapKinds, type MapDocument } from './maps/registry.js';
export {
  isParquet,
  openParquet,
  type OpenParquetOptions,
  type ParquetTable,
  type ReadableFile,
} from './data/parquet/openParquet.js';
export { familiesThatTake, familyNames, type FamilyName } from './models/registry.js';
export {
  modelParametersSchema,
  trainedResultSchema,
  type ModelMetric,
  type ModelParameters,
  type TrainedResult,
} from './models/result.js';

export {
  decodeProgram,
  defineProgram,
  encodeProgram,
  parseProgram,
  programDigest,
  programExposes,
  programFeatures,
  trainingProgramSchema,
  type BroughtProgram,
  type OwnProgram,
  type OwnProgramChoices,
  type ProgramChoices,
  type ProgramOf,
  type TrainingProgram,
} from './program.js';
export { programMoments } from './programMoments.js';

export {
  createModelOwnerTrainer,
  type AppliedRound,
  type ModelOwnerOptions,
  type ModelOwnerTrainer,
  type SubsetUpdate,
} from './trainer/modelOwner.js';
export { trainingFigureSchema, type RoundMetrics, type TrainingFigure } from './trainer/roundMetrics.js';
export { trainerStateSchema, type TrainerState } from './trainer/state.js';
export { prepareShard, trainOnShard, type PrepareShardInput, type TrainJobInput } from './trainer/host.js';
export { rehearse, type RehearsalInput, type RehearsalStep, type TakeStep } from './trainer/rehearsal.js';
export type { WorkOptions, WorkProgress } from './work.js';
export { loadEncryption } from './trainer/defaultBackend.js';
export { messageSizes, type MessageSizes } from './trainer/messageSizes.js';
export {
  trainEncrypted,
  trainInClear,
  type LocalModels,
  type LocalTraining,
} from './trainer/localTraining.js';
export { expectedPrecisionBits, resultBits } from './precision.js';
export { createWasmBackend } from './he/backends/wasm/wasmBackend.js';
export type {
  Factor,
  Factors,
  HeBackend,
  Polynomial,
  Polynomials,
  ProductSum,
  Resident,
  RingArithmetic,
  TraceSum,
} from './he/ring/backend.js';
export type { Residues, RingShape } from './he/ring/residues.js';
