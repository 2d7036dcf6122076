import { LARGEST_UPDATE } from '../he/ckks/parameters.js';
import type { TrainingProgram } from '../program.js';

/** Which round a message belongs to. */
interface Round {
  readonly attempt: number;
}

/** Which update of a round. */
export interface UpdateName extends Round {
  readonly subset: number;
  /** Whether it has to carry the subset's set-up. */
  readonly withSetup: boolean;
}

/** An update as it came. */
export interface SentUpdate extends UpdateName {
  readonly bytes: Uint8Array;
}

/** An update, or the sum of a batch's updates, as the model owner reads it. */
export interface ReadUpdate {
  /** matrix·query + offset in the family's units. */
  readonly values: readonly number[];
  /** imaginary·query; empty where the family has no imaginary part. */
  readonly imaginary: readonly number[];
  /** The set-up, where the update carries it. */
  readonly setup: readonly number[] | undefined;
  /** Bits behind the binary point that are free of noise; null in clear, and where no slot is free to measure it. */
  readonly precisionBits: number | null;
  /** Why the values cannot be used, or null. */
  readonly unusable: string | null;
}

/** How models and updates are written: one for clear programs, one for encrypted ones. The training is the same. */
export interface ModelOwnerCodec {
  readonly protection: TrainingProgram['protection'];
  readonly keyMessage: Uint8Array;
  /** @param setupFlags which subsets owe their set-up; empty where the family has none */
  writeModel(query: Float64Array, setupFlags: Uint8Array, round: Round): Promise<Uint8Array>;
  /** @throws TrainingError VT7401 to VT7409 */
  checkUpdate(bytes: Uint8Array, update: UpdateName): void;
  /**
   * One update, or those of a whole batch, of which nothing but the sum can be read.
   * @throws TrainingError VT7401 to VT7409
   */
  readUpdates(updates: readonly SentUpdate[]): Promise<ReadUpdate>;
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
