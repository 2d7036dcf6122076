import { TrainingError } from '../errors.js';
import { LARGEST_WEIGHT } from '../he/ckks/parameters.js';
import {
  coupleHash,
  readFrame,
  writeFrame,
  type CoupleContext,
  type FrameHeader,
  type MessageKind,
} from '../messages/frame.js';
import { outOfRange, type ModelOwnerCodec } from './codec.js';

const NO_PARAMETERS = new Uint8Array(32);

interface PlainContext extends CoupleContext {
  readonly features: number;
}

function header(kind: MessageKind, context: PlainContext, attempt: number, subset: number): FrameHeader {
  return {
    kind,
    features: kind === 'plainKey' ? 0 : context.features,
    ringDegree: 0,
    primes: 0,
    scaleBits: 0,
    attempt,
    subset,
    parameters: NO_PARAMETERS,
    couple: coupleHash(context),
  };
}

/** Stands where an encrypted program has its public key: an empty message that names the couple. */
function plainKeyMessage(context: CoupleContext): Uint8Array {
  return writeFrame(header('plainKey', { ...context, features: 0 }, 0, 0), []);
}

/** @throws TrainingError VT7401 to VT7408 */
export function checkPlainKey(bytes: Uint8Array, context: CoupleContext): void {
  // A request to train in clear pins no key, so a host has none to give.
  if (bytes.length === 0) return;
  readFrame(bytes, header('plainKey', { ...context, features: 0 }, 0, 0), 0);
}

/**
 * Weights in clear: Float64 little-endian. Beyond their range sums could become infinite or no number at all, and
 * replicas on other processors write that in other bytes.
 * @throws TrainingError VT7401 to VT7409, VT7411
 */
export function readPlainModel(bytes: Uint8Array, context: PlainContext, attempt: number): Float64Array {
  const weights = readNumbers(bytes, header('plainModel', context, attempt, 0));
  if (!weights.every((weight) => Math.abs(weight) <= LARGEST_WEIGHT)) {
    throw new TrainingError('VT7411', `plain model: a weight beyond ±${LARGEST_WEIGHT}`, {
      most: LARGEST_WEIGHT,
    });
  }
  return weights;
}

/** An update in clear: Float64 little-endian. */
export function writePlainUpdate(
  values: Float64Array,
  context: PlainContext,
  attempt: number,
  subset: number,
): Uint8Array {
  return writeFrame(header('plainUpdate', context, attempt, subset), [values.map((value) => value + 0)]);
}

/** Messages in clear. */
export function plainCodec(context: PlainContext): ModelOwnerCodec {
  const read = (bytes: Uint8Array, attempt: number, subset: number): Float64Array =>
    readNumbers(bytes, header('plainUpdate', context, attempt, subset));
  return {
    protection: 'plain',
    keyMessage: plainKeyMessage(context),
    writeModel: (weights, { attempt }) =>
      Promise.resolve(writeFrame(header('plainModel', context, attempt, 0), [weights])),
    checkUpdate: (bytes, { attempt }, subset) => void read(bytes, attempt, subset),
    readUpdate: (bytes, { attempt }, subset) =>
      // Within the promise, so that a refusal is a rejection.
      Promise.resolve().then(() => {
        const values = Array.from(read(bytes, attempt, subset));
        return { values, precisionBits: null, unusable: outOfRange(values) };
      }),
  };
}

function readNumbers(bytes: Uint8Array, expected: FrameHeader): Float64Array {
  const body = readFrame(bytes, expected, 8 * expected.features);
  const values = new Float64Array(body.slice().buffer);
  if (!values.every((value) => Number.isFinite(value))) {
    throw new TrainingError('VT7409', 'a message in clear holds something else than finite numbers', {
      kind: expected.kind,
    });
  }
  return values;
}
