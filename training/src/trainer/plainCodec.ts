import { TrainingError } from '../errors.js';
import type { PairMask } from '../he/ckks/masks.js';
import {
  coupleHash,
  readFrame,
  writeFrame,
  type CoupleContext,
  type FrameHeader,
  type MessageKind,
} from '../messages/frame.js';
import { SETUP_FLAG_BYTES } from '../messages/setupFlags.js';
import type { MessageShape } from '../models/family.js';
import {
  outOfRange,
  type ModelOwnerCodec,
  type ReadUpdate,
  type SentUpdate,
  type UpdateName,
} from './codec.js';
import { maskedNumbers, SUMMED_BITS, SUMMED_BYTES, sumOfMasked } from './summedNumbers.js';

const NO_PARAMETERS = new Uint8Array(32);
const NUMBER_BYTES = 8;

interface PlainContext extends CoupleContext {
  readonly features: number;
  /** Whether updates are masked and added up. */
  readonly isSummed?: boolean | undefined;
}

/** Numbers of an update in clear, in this order. */
export interface PlainReply {
  readonly values: Float64Array;
  readonly imaginary: Float64Array;
  readonly setup: Float64Array;
}

function header(kind: MessageKind, context: PlainContext, attempt: number, subset: number): FrameHeader {
  return {
    kind,
    features: kind === 'plainKey' ? 0 : context.features,
    ringDegree: 0,
    primes: 0,
    scaleBits: kind === 'plainUpdate' && context.isSummed ? SUMMED_BITS : 0,
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

/** Bytes of a query's body in clear. */
export function plainQueryBytes({ inputs, vectors = 1, setup }: MessageShape): number {
  return NUMBER_BYTES * inputs * vectors + (setup === 0 ? 0 : SETUP_FLAG_BYTES);
}

/** Bytes of an update's body in clear. */
export function plainReplyBytes(
  { outputs, vectors = 1, imaginary, setup }: MessageShape,
  { withSetup, isSummed }: { readonly withSetup: boolean; readonly isSummed: boolean },
): number {
  return (
    (isSummed ? SUMMED_BYTES : NUMBER_BYTES) *
    (outputs * vectors * (imaginary ? 2 : 1) + (withSetup ? setup : 0))
  );
}

/**
 * A query in clear: Float64 little-endian, then which subsets owe their set-up. Beyond their range sums could become infinite or
 * no number at all, and replicas on other processors write that in other bytes.
 * @throws TrainingError VT7401 to VT7409, VT7411
 */
export function readPlainModel(
  bytes: Uint8Array,
  context: PlainContext,
  shape: MessageShape,
  attempt: number,
): { readonly query: Float64Array; readonly setupFlags: Uint8Array } {
  const expected = header('plainModel', context, attempt, 0);
  const body = readFrame(bytes, expected, plainQueryBytes(shape));
  const end = NUMBER_BYTES * shape.inputs * (shape.vectors ?? 1);
  const query = readNumbers(body.subarray(0, end), 'plainModel');
  const { maxInput } = shape;
  if (!query.every((value) => Math.abs(value) <= maxInput)) {
    throw new TrainingError('VT7411', `plain model: a weight beyond ±${maxInput}`, { most: maxInput });
  }
  return { query, setupFlags: body.subarray(end) };
}

/**
 * An update in clear: Float64 little-endian; in a batch, masked numbers in fixed point.
 * @param masks given in a batch
 */
export function writePlainUpdate(
  { values, imaginary, setup }: PlainReply,
  context: PlainContext,
  { attempt, subset }: Pick<UpdateName, 'attempt' | 'subset'>,
  masks: readonly PairMask[] | undefined,
): Uint8Array {
  const isSummed = masks !== undefined;
  const numbers = [...values, ...imaginary, ...setup].map((value) => value + 0);
  const body = isSummed ? maskedNumbers(numbers, masks) : Float64Array.from(numbers);
  return writeFrame(header('plainUpdate', { ...context, isSummed }, attempt, subset), [body]);
}

/** Messages in clear. */
export function plainCodec(context: PlainContext, shape: MessageShape): ModelOwnerCodec {
  const { isSummed = false } = context;
  const bodyOf = (bytes: Uint8Array, { attempt, subset, withSetup }: UpdateName): Uint8Array =>
    readFrame(
      bytes,
      header('plainUpdate', context, attempt, subset),
      plainReplyBytes(shape, { withSetup, isSummed }),
    );
  const read = (updates: readonly SentUpdate[]): number[] => {
    const bodies = updates.map(({ bytes, ...update }) => bodyOf(bytes, update));
    if (isSummed) return sumOfMasked(bodies.map((body) => new BigUint64Array(body.slice().buffer)));
    return bodies.flatMap((body) => Array.from(readNumbers(body, 'plainUpdate')));
  };
  return {
    protection: 'plain',
    keyMessage: plainKeyMessage(context),
    writeModel: (query, setupFlags, { attempt }) =>
      Promise.resolve(writeFrame(header('plainModel', context, attempt, 0), [query, setupFlags])),
    checkUpdate: (bytes, update) => void read([{ ...update, bytes }]),
    readUpdates: (updates) =>
      // Within the promise, so that a refusal is a rejection.
      Promise.resolve().then(() => split(read(updates), shape, updates[0]?.withSetup === true)),
  };
}

function split(numbers: readonly number[], shape: MessageShape, withSetup: boolean): ReadUpdate {
  const outputs = shape.outputs * (shape.vectors ?? 1);
  const end = outputs * (shape.imaginary ? 2 : 1);
  return {
    values: numbers.slice(0, outputs),
    imaginary: numbers.slice(outputs, end),
    setup: withSetup ? numbers.slice(end) : undefined,
    precisionBits: null,
    unusable: outOfRange(numbers),
  };
}

function readNumbers(body: Uint8Array, kind: MessageKind): Float64Array {
  const values = new Float64Array(body.slice().buffer);
  if (!values.every((value) => Number.isFinite(value))) {
    throw new TrainingError('VT7409', 'a message in clear holds something else than finite numbers', {
      kind,
    });
  }
  return values;
}
