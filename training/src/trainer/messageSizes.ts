import { linearParameters, slotPeriod } from '../he/parameters.js';
import { FRAME_BYTES } from '../messages/frame.js';
import { parseProgram, type TrainingProgram } from '../program.js';
import { TrainingError } from '../errors.js';
import { MAX_FEATURES } from '../data/limits.js';

/** Exact sizes of a couple's messages, in bytes. */
export interface MessageSizes {
  /** The public key that the request pins. */
  readonly keyBytes: number;
  /** The model that goes out in a round. */
  readonly modelBytes: number;
  /** A host's update. */
  readonly updateBytes: number;
}

/** A number in clear, or one residue. */
const NUMBER_BYTES = 8;
/** The seed that a model's random part is expanded from. */
const SEED_BYTES = 32;

/**
 * How many bytes the messages of a program have, whatever the data: an object of another size is no message of it, which
 * can be known before a byte of it is fetched.
 * @param features number of columns beside the target, 1 to 32
 * @throws TrainingError VT7301, VT7501
 */
export function messageSizes(program: TrainingProgram, features: number): MessageSizes {
  const { protection } = parseProgram(program);
  if (!Number.isInteger(features) || features < 1 || features > MAX_FEATURES)
    throw new TrainingError('VT7501', `features are a whole number from 1 to ${MAX_FEATURES}`, { features });
  if (protection === 'plain') {
    const bytes = FRAME_BYTES + NUMBER_BYTES * features;
    return { keyBytes: FRAME_BYTES, modelBytes: bytes, updateBytes: bytes };
  }
  const { ringDegree, primes } = linearParameters;
  const polynomial = NUMBER_BYTES * ringDegree * primes.length;
  const traces = NUMBER_BYTES * 2 * slotPeriod(features) * primes.length;
  return {
    keyBytes: FRAME_BYTES + polynomial,
    modelBytes: FRAME_BYTES + SEED_BYTES + polynomial,
    updateBytes: FRAME_BYTES + traces + polynomial,
  };
}
