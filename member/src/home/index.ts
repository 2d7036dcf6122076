/** The files of a member on this machine. */
export { drawFile } from './drawFile.js';
export {
  maxTableBytes,
  parseUserJson,
  readUserBytes,
  readUserFile,
  streamUserFile,
  writeNewFile,
} from './files.js';
export { isRunning } from './isRunning.js';
export { CoupleHome, DatasetHome, MemberHome, readIfThere } from './memberHome.js';
export { countSteps, notedSteps, roundResultFile } from './roundResult.js';
export type { RoundResult, StepCounts } from './roundResult.js';
export { StateFile, naming, writeAtomically, writeLightly } from './stateFile.js';
export { streamFile } from './streamFile.js';
