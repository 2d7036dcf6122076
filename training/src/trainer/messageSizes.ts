import { linearParameters } from '../he/ckks/parameters.js';
import { slotPeriod } from '../he/circuits/packing.js';
import { queryBytes } from '../he/circuits/query.js';
import { traceBytes } from '../he/circuits/reply.js';
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
  return {
    keyBytes: FRAME_BYTES + NUMBER_BYTES * ringDegree * primes.length,
    modelBytes: FRAME_BYTES + queryBytes(linearParameters, { inputs: features, outputs: features }),
    updateBytes: FRAME_BYTES + traceBytes(linearParameters, slotPeriod(features)),
  };
}
