/** A member's files on this machine, and files that the user names. @module */
export { countSteps, drawFile, notedRounds, notedSteps, roundResultFile } from './coupleFiles.js';
export type { DrawProgress, RoundResult, StepCounts } from './coupleFiles.js';
export { CoupleHome, DatasetHome, MemberHome } from './memberHome.js';
export type { InstanceHome, ModelHome } from './memberHome.js';
export { isRunning, naming, readIfThere, streamFile, writeAtomically, writeLightly } from './ownFiles.js';
export { StateFile } from './stateFile.js';
export {
  maxTableBytes,
  parseUserJson,
  readUserBytes,
  readUserFile,
  streamUserFile,
  writeNewFile,
} from './userInput.js';
