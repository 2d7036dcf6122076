import { circuitOf } from '../he/circuits/circuit.js';
import { FRAME_BYTES } from '../messages/frame.js';
import { parseProgram, type TrainingProgram } from '../program.js';
import { ENCRYPTED_PACKAGE_BYTES } from './encryptedPackage.js';
import { messageShape } from './messageShape.js';
import { plainQueryBytes, plainReplyBytes } from './plainCodec.js';
import { TrainingError } from '../errors.js';
import { MAX_COLUMNS } from '../data/limits.js';
import type { Template } from '../data/template.js';

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
  /** What hosts get in place of a package with rows, where the program's data is encrypted; undefined where it is not. */
  readonly encryptedPackageBytes?: number | undefined;
}

/** A residue. */
const RESIDUE_BYTES = 8;

/**
 * How many bytes the messages of a program have, whatever the data: an object of another size is no message of it, which
 * can be known before a byte of it is fetched.
 * @param features number of columns beside the target, 1 to 1,024
 * @param aggregation of the dataset's template: updates in clear that are added up are larger, encrypted ones are not
 * @throws TrainingError VT7301, VT7302, VT7501
 */
export function messageSizes(
  program: TrainingProgram,
  features: number,
  aggregation?: Template['aggregation'],
): MessageSizes {
  const parsed = parseProgram(program);
  if (!Number.isInteger(features) || features < 1 || features > MAX_COLUMNS)
    throw new TrainingError('VT7501', `features are a whole number from 1 to ${MAX_COLUMNS}`, { features });
  const shape = messageShape(parsed, features);
  const hasSetup = shape.setup > 0;
  if (parsed.protection === 'plain') {
    const isSummed = aggregation === 'sum';
    return {
      keyBytes: FRAME_BYTES,
      modelBytes: FRAME_BYTES + plainQueryBytes(shape),
      updateBytes: FRAME_BYTES + plainReplyBytes(shape, { withSetup: false, isSummed }),
      firstUpdateBytes: FRAME_BYTES + plainReplyBytes(shape, { withSetup: hasSetup, isSummed }),
    };
  }
  const circuit = circuitOf(shape);
  const { ringDegree, primes } = circuit.parameters;
  return {
    keyBytes: FRAME_BYTES + RESIDUE_BYTES * ringDegree * primes.length,
    modelBytes: FRAME_BYTES + circuit.queryBytes(shape),
    updateBytes: FRAME_BYTES + circuit.replyBytes(shape),
    firstUpdateBytes: FRAME_BYTES + circuit.replyBytes({ ...shape, withSetup: hasSetup }),
    ...(parsed.data === 'encrypted' ? { encryptedPackageBytes: ENCRYPTED_PACKAGE_BYTES } : {}),
  };
}
