import { TrainingError } from '../errors.js';

/** Bytes at the end of a query that say of which subsets the set-up is still wanted: one bit each. */
export const SETUP_FLAG_BYTES = 128;
/** Subsets that the flags have room for. */
export const MAX_SETUP_SUBSETS = 8 * SETUP_FLAG_BYTES;

/** @throws TrainingError VT7502 for a subset that the flags have no room for */
export function writeSetupFlags(wanted: readonly number[]): Uint8Array {
  const flags = new Uint8Array(SETUP_FLAG_BYTES);
  for (const subset of wanted) flags[byteOf(subset)] = (flags[byteOf(subset)] ?? 0) | (1 << (subset % 8));
  return flags;
}

/** Whether a subset's set-up is wanted with its reply. @throws TrainingError VT7502 */
export function isSetupWanted(flags: Uint8Array, subset: number): boolean {
  return (((flags[byteOf(subset)] ?? 0) >> (subset % 8)) & 1) === 1;
}

function byteOf(subset: number): number {
  if (Number.isInteger(subset) && subset >= 0 && subset < MAX_SETUP_SUBSETS) return Math.floor(subset / 8);
  throw new TrainingError('VT7502', `subset ${subset} is beyond the subsets that a set-up can be asked of`, {
    subset,
    most: MAX_SETUP_SUBSETS,
  });
}
