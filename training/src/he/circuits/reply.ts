import { macParts } from '../../canonical.js';
import { coupleHash, readFrame, writeFrame, type FrameHeader } from '../../messages/frame.js';
import { decryptTrace } from '../ckks/decryption.js';
import type { Ciphertext } from '../ckks/encryption.js';
import type { PublicKey, SecretKey } from '../ckks/keys.js';
import { maskResidues, type PairMask } from '../ckks/masks.js';
import { parametersHash, type CkksParameters } from '../ckks/parameters.js';
import { sanitise, type TraceCiphertext } from '../ckks/sanitising.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Factor, Polynomial } from '../ring/backend.js';
import { readResidues, type Residues } from '../ring/residues.js';
import type { EncodedMap } from './hostMap.js';
import { slotPeriod } from './packing.js';
import type { QueryContext } from './query.js';
import { sanitisedSetup, setupPeriod, type EncodedSetup } from './setup.js';
import { decodeTrace, type TraceSlots } from './traceSlots.js';

/** Which reply of a round. */
export interface ReplyContext extends QueryContext {
  readonly subset: number;
  /** Whether the reply carries the subset's set-up; it does not if absent. */
  readonly withSetup?: boolean | undefined;
}

/** What a reply holds, encrypted. */
export interface ParsedReply {
  readonly result: TraceCiphertext;
  readonly setup: TraceCiphertext | undefined;
}

/** A reply as it came. Those of a whole batch are read together: their masks cancel when they are added up. */
export interface SentReply {
  readonly bytes: Uint8Array;
  readonly reply: ReplyContext;
}

/** What a reply says. */
export interface DecryptedReply {
  /** D slots: matrix·query + offset in real parts, imaginary·query in imaginary ones. */
  readonly result: TraceSlots;
  /** See {@link readSetup}. */
  readonly setup: TraceSlots | undefined;
}

function replyHeader(parameters: CkksParameters, reply: ReplyContext): FrameHeader {
  return {
    kind: 'encryptedUpdate',
    features: reply.features,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: parameters.modelScaleBits + parameters.matrixScaleBits,
    attempt: reply.attempt,
    subset: reply.subset,
    parameters: parametersHash(parameters),
    couple: coupleHash(reply),
  };
}

/** Bytes of a ciphertext of which the trace of this period is sent. */
function traceBytes({ ringDegree, primes }: CkksParameters, period: number): number {
  return 8 * (2 * period + ringDegree) * primes.length;
}

/** Bytes of a reply's body. */
export function replyBytes(
  parameters: CkksParameters,
  { outputs, setup = 0, withSetup = false }: Pick<ReplyContext, 'outputs' | 'setup' | 'withSetup'>,
): number {
  const result = traceBytes(parameters, slotPeriod(outputs));
  return result + (withSetup ? traceBytes(parameters, setupPeriod(setup)) : 0);
}

/** A host's reply: the encryption of M·w + c and, where it is asked for, of the set-up; each sanitised by itself. */
export async function evaluateReply(
  scheme: Scheme,
  input: {
    readonly map: EncodedMap;
    readonly query: readonly Ciphertext[];
    readonly publicKey: PublicKey;
    readonly seed: Uint8Array;
    /** Given where the reply carries it. */
    readonly setup?: EncodedSetup | undefined;
    /** Of the other subsets of a batch; none without one. */
    readonly masks?: readonly PairMask[] | undefined;
  },
  reply: ReplyContext,
): Promise<Uint8Array> {
  const { map, query, publicKey, setup } = input;
  const maskOf = partMasks(scheme.parameters, input.masks);
  // Whatever encodes the map otherwise (another processor, another version) must not repeat this stream beside it.
  const seed = macParts(input.seed, 'veritrain/reply-randomness/1', map.hash);
  const firsts = query.map(({ first }) => first);
  const seconds = query.map(({ second }) => second);
  const ciphertexts = [
    sanitise(scheme, publicKey, seed, map.packing.block, {
      first: { terms: products(firsts, map.matrix) },
      second: products(seconds, map.matrix),
      traces: [map.offset],
      mask: maskOf('result', map.packing.block),
    }),
  ];
  if (setup !== undefined)
    ciphertexts.push(sanitisedSetup(scheme, publicKey, input.seed, setup, maskOf('setup', setup.block)));
  const body = (await Promise.all(ciphertexts)).flatMap(({ trace, second }) => [trace, second]);
  return writeReply(scheme.parameters, reply, body);
}

/** Masks by the name of a part of a reply and the block of its trace; none without a batch. */
export function partMasks(
  { ringDegree, primes }: CkksParameters,
  masks: readonly PairMask[] = [],
): (part: string, block: number) => Residues | undefined {
  if (masks.length === 0) return () => undefined;
  return (part, block) => maskResidues(masks, part, { primes }, ringDegree / block);
}

/** The message of a reply. */
export function writeReply(
  parameters: CkksParameters,
  reply: ReplyContext,
  body: readonly Residues[],
): Uint8Array {
  return writeFrame(replyHeader(parameters, reply), body);
}

/** The body of a reply's message. @throws TrainingError VT7401 to VT7408 */
export function readReply(
  parameters: CkksParameters,
  bytes: Uint8Array,
  reply: ReplyContext,
  bodyBytes: number,
): Uint8Array {
  return readFrame(bytes, replyHeader(parameters, reply), bodyBytes);
}

function products(
  ciphertexts: readonly Polynomial[],
  matrix: readonly Factor[],
): (readonly [Polynomial, Factor])[] {
  if (ciphertexts.length !== matrix.length) throw new RangeError('one plaintext for each ciphertext');
  return matrix.flatMap((factor, index) => {
    const part = ciphertexts[index];
    return part === undefined ? [] : [[part, factor] as const];
  });
}

/** Model owner: checks a reply's form. @throws TrainingError VT7401 to VT7408 */
export function parseReply(parameters: CkksParameters, bytes: Uint8Array, reply: ReplyContext): ParsedReply {
  const body = readReply(parameters, bytes, reply, replyBytes(parameters, reply));
  const period = slotPeriod(reply.outputs);
  const end = traceBytes(parameters, period);
  return {
    result: parseTrace(parameters, body.subarray(0, end), 2 * period),
    setup: reply.withSetup
      ? parseTrace(parameters, body.subarray(end), 2 * setupPeriod(reply.setup ?? 0))
      : undefined,
  };
}

/** @param length residues of the trace for each prime */
export function parseTrace(parameters: CkksParameters, bytes: Uint8Array, length: number): TraceCiphertext {
  const split = 8 * length * parameters.primes.length;
  return {
    trace: readResidues(bytes.subarray(0, split), parameters),
    second: readResidues(bytes.subarray(split), parameters),
  };
}

/** Model owner: decrypts a reply, or the sum of a batch's replies, to its slots. @throws TrainingError VT7401 to VT7408 */
export async function decryptReply(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  secretKey: SecretKey,
  replies: readonly SentReply[],
): Promise<DecryptedReply> {
  const parsed = replies.map(({ bytes, reply }) => parseReply(parameters, bytes, reply));
  const scaleBits = parameters.modelScaleBits + parameters.matrixScaleBits;
  const slotsOf = async (parts: readonly TraceCiphertext[]): Promise<TraceSlots> => {
    const coefficients = await decryptTrace(ring, secretKey, parts);
    return decodeTrace(coefficients, parameters.ringDegree / coefficients.length, scaleBits);
  };
  const setups = parsed.flatMap((reply) => reply.setup ?? []);
  const [result, setup] = await Promise.all([
    slotsOf(parsed.map((reply) => reply.result)),
    setups.length === 0 ? undefined : slotsOf(setups),
  ]);
  return { result, setup };
}
