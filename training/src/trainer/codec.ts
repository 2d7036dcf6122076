import { LARGEST_UPDATE } from '../he/ckks/parameters.js';
import type { TrainingProgram } from '../program.js';

/** Which round a message belongs to. */
interface Round {
  readonly attempt: number;
}

/** An update as the model owner reads it. */
export interface ReadUpdate {
  /** M·w + c in standardised units. */
  readonly values: readonly number[];
  /** Bits behind the binary point that are free of noise; null in clear. */
  readonly precisionBits: number | null;
  /** Why the values cannot be used, or null. */
  readonly unusable: string | null;
}

/** How models and updates are written: one for clear programs, one for encrypted ones. The training is the same. */
export interface ModelOwnerCodec {
  readonly protection: TrainingProgram['protection'];
  readonly keyMessage: Uint8Array;
  writeModel(weights: Float64Array, round: Round): Promise<Uint8Array>;
  /** @throws TrainingError VT7401 to VT7409 */
  checkUpdate(bytes: Uint8Array, round: Round, subset: number): void;
  /** @throws TrainingError VT7401 to VT7409 */
  readUpdate(bytes: Uint8Array, round: Round, subset: number): Promise<ReadUpdate>;
}

/**
 * Why an update that reads well cannot be a host's, or null. Hosts' steps keep within the range (see `stepSize`), so only a
 * forged update lies outside, and numbers large enough would make the state something that cannot be saved.
 */
export function outOfRange(values: readonly number[]): string | null {
  // One more than the bound, for the noise.
  const fits = values.every((value) => Math.abs(value) < LARGEST_UPDATE + 1);
  return fits ? null : 'it lies outside the range of updates: no host makes it';
}
