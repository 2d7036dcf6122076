import { createHash } from 'node:crypto';
import { encodeParts } from '../canonical.js';
import { TrainingError, type TrainingErrorCode } from '../errors.js';

/** Which couple a message belongs to; also bound into keys and random streams. */
export interface CoupleContext {
  /** The channel. */
  readonly channel: string;
  /** Name of the chaincode. */
  readonly chaincode: string;
  /** Id of the couple. */
  readonly couple: string;
}

/** Kinds of messages. */
const messageKinds = {
  encryptedKey: 1,
  encryptedModel: 2,
  encryptedUpdate: 3,
  encryptedPackage: 4,
  plainKey: 17,
  plainModel: 18,
  plainUpdate: 19,
} as const;

/** Name of a kind of message. */
export type MessageKind = keyof typeof messageKinds;

/**
 * What every message says of itself before its body. Layout, little-endian: magic `VTRN` (4), version (u8), kind
 * (u8), features (u16), ring degree (u32), primes (u32), log2 of the scale (u32), attempt (u32), subset (u32), zero
 * (u32), parameters (32), couple (32).
 */
export interface FrameHeader {
  readonly kind: MessageKind;
  /** 0 in keys, which serve any number of features. */
  readonly features: number;
  /** 0 in clear, as are primes, scaleBits and parameters. */
  readonly ringDegree: number;
  readonly primes: number;
  readonly scaleBits: number;
  /** 0 in keys and packages. */
  readonly attempt: number;
  /** 0 but in updates and packages. */
  readonly subset: number;
  readonly parameters: Uint8Array;
  readonly couple: Uint8Array;
}

const MAGIC = Buffer.from('VTRN', 'latin1');
const VERSION = 1;
/** Bytes before the body. */
export const FRAME_BYTES = 96;
/** Where the subset stands. */
const SUBSET_AT = 24;

/** 32 bytes that name a couple on a channel and chaincode. */
export function coupleHash(context: CoupleContext): Uint8Array {
  const parts = ['veritrain/training-message/1', context.channel, context.chaincode, context.couple];
  return createHash('sha256').update(encodeParts(parts)).digest();
}

/** Header and body in one array. */
export function writeFrame(
  header: FrameHeader,
  body: readonly (Uint8Array | BigUint64Array | Float64Array)[],
): Uint8Array {
  const parts = body.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  const out = new Uint8Array(FRAME_BYTES + parts.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  view.setUint8(4, VERSION);
  view.setUint8(5, messageKinds[header.kind]);
  view.setUint16(6, header.features, true);
  numbersOf(header).forEach((value, index) => view.setUint32(8 + 4 * index, value, true));
  out.set(header.parameters, 32);
  out.set(header.couple, 64);
  let offset = FRAME_BYTES;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** The subset that a message says it is of; 0 where it is cut off before. Nothing of the message is checked. */
export function subsetIn(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes.length < FRAME_BYTES ? 0 : view.getUint32(SUBSET_AT, true);
}

/** A copy of a message that says it is of another subset. */
export function ofSubset(bytes: Uint8Array, subset: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setUint32(SUBSET_AT, subset, true);
  return copy;
}

/**
 * The body of a message, once its header is the expected one and its length exact.
 * @throws TrainingError VT7401 size, VT7402 kind, VT7403 parameters, VT7404 level, VT7405 scale, VT7406 packing,
 * VT7408 couple, attempt or subset
 */
export function readFrame(bytes: Uint8Array, expected: FrameHeader, bodyBytes: number): Uint8Array {
  const { kind } = expected;
  if (bytes.length < FRAME_BYTES)
    refuse('VT7401', kind, 'its header is cut off', bytes.length, FRAME_BYTES + bodyBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isKind = view.getUint8(4) === VERSION && view.getUint8(5) === messageKinds[kind];
  if (!isKind || Buffer.compare(bytes.subarray(0, 4), MAGIC) !== 0) {
    throw new TrainingError('VT7402', `the bytes are no ${label(kind)}`, { bytes: bytes.length });
  }
  checkNumbers(view, expected);
  if (!same(bytes.subarray(32, 64), expected.parameters))
    refuse('VT7403', kind, 'other encryption parameters');
  if (!same(bytes.subarray(64, 96), expected.couple))
    refuse('VT7408', kind, 'another couple, chaincode or channel');
  if (bytes.length !== FRAME_BYTES + bodyBytes) {
    refuse('VT7401', kind, 'wrong length', bytes.length, FRAME_BYTES + bodyBytes);
  }
  // Not `subarray`: a Buffer would stay one, and a Buffer's `slice` shares memory where an array's copies.
  return new Uint8Array(bytes.buffer, bytes.byteOffset + FRAME_BYTES, bodyBytes);
}

const numberChecks: readonly [TrainingErrorCode, string][] = [
  ['VT7403', 'another ring degree'],
  ['VT7404', 'another number of primes'],
  ['VT7405', 'another scale'],
  ['VT7408', 'another attempt'],
  ['VT7408', 'another subset'],
  ['VT7402', 'a reserved field that is not zero'],
];

function checkNumbers(view: DataView, expected: FrameHeader): void {
  const features = view.getUint16(6, true);
  if (features !== expected.features)
    refuse('VT7406', expected.kind, 'another number of features', features, expected.features);
  numbersOf(expected).forEach((wanted, index) => {
    const found = view.getUint32(8 + 4 * index, true);
    const [code, what] = numberChecks[index] ?? ['VT7402', 'an unknown field'];
    if (found !== wanted) refuse(code, expected.kind, what, found, wanted);
  });
}

function numbersOf(header: FrameHeader): number[] {
  return [header.ringDegree, header.primes, header.scaleBits, header.attempt, header.subset, 0];
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function label(kind: MessageKind): string {
  return kind.replace(/([A-Z])/, (letter) => ` ${letter.toLowerCase()}`);
}

function refuse(
  code: TrainingErrorCode,
  kind: MessageKind,
  what: string,
  found?: number,
  expected?: number,
): never {
  const facts = found === undefined || expected === undefined ? {} : { found, expected };
  const numbers = 'found' in facts ? ` (${facts.found}, expected ${facts.expected})` : '';
  throw new TrainingError(code, `${label(kind)}: ${what}${numbers}`, { kind, ...facts });
}
