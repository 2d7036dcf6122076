import { linearParameters } from '../he/ckks/parameters.js';
import { queryBytes } from '../he/circuits/query.js';
import { replyBytes } from '../he/circuits/reply.js';
import { FRAME_BYTES } from '../messages/frame.js';
import { parseProgram, type TrainingProgram } from '../program.js';
import { messageShape } from './messageShape.js';
import { plainQueryBytes, plainReplyBytes } from './plainCodec.js';
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
  /** A host's first update, with its subset's set-up: as `updateBytes` where the family has none. No update is larger. */
  readonly firstUpdateBytes: number;
}

/** A residue. */
const RESIDUE_BYTES = 8;

/**
 * How many bytes the messages of a program have, whatever the data: an object of another size is no message of it, which
 * can be known before a byte of it is fetched.
 * @param features number of columns beside the target, 1 to 32
 * @throws TrainingError VT7301, VT7501
 */
export function messageSizes(program: TrainingProgram, features: number): MessageSizes {
  const parsed = parseProgram(program);
  if (!Number.isInteger(features) || features < 1 || features > MAX_FEATURES)
    throw new TrainingError('VT7501', `features are a whole number from 1 to ${MAX_FEATURES}`, { features });
  const shape = messageShape(parsed, features);
  const hasSetup = shape.setup > 0;
  if (parsed.protection === 'plain') {
    return {
      keyBytes: FRAME_BYTES,
      modelBytes: FRAME_BYTES + plainQueryBytes(shape),
      updateBytes: FRAME_BYTES + plainReplyBytes(shape, false),
      firstUpdateBytes: FRAME_BYTES + plainReplyBytes(shape, hasSetup),
    };
  }
  const { ringDegree, primes } = linearParameters;
  return {
    keyBytes: FRAME_BYTES + RESIDUE_BYTES * ringDegree * primes.length,
    modelBytes: FRAME_BYTES + queryBytes(linearParameters, shape),
    updateBytes: FRAME_BYTES + replyBytes(linearParameters, shape),
    firstUpdateBytes: FRAME_BYTES + replyBytes(linearParameters, { ...shape, withSetup: hasSetup }),
  };
}
