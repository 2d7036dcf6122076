import { macParts } from '../../canonical.js';
import { coupleHash, readFrame, writeFrame, type FrameHeader } from '../../messages/frame.js';
import { decryptTrace } from '../ckks/decryption.js';
import type { Ciphertext } from '../ckks/encryption.js';
import type { PublicKey, SecretKey } from '../ckks/keys.js';
import { parametersHash, type CkksParameters } from '../ckks/parameters.js';
import { sanitise, type TraceCiphertext } from '../ckks/sanitising.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Factor, Polynomial } from '../ring/backend.js';
import { readResidues } from '../ring/residues.js';
import type { EncodedMap } from './hostMap.js';
import { slotPeriod } from './packing.js';
import type { QueryContext } from './query.js';
import { decodeTrace, type TraceSlots } from './traceSlots.js';

/** Which reply of a round. */
export interface ReplyContext extends QueryContext {
  readonly subset: number;
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
export function traceBytes({ ringDegree, primes }: CkksParameters, period: number): number {
  return 8 * (2 * period + ringDegree) * primes.length;
}

/** A host's reply: the encryption of M·w + c, sanitised. */
export async function evaluateReply(
  scheme: Scheme,
  input: {
    readonly map: EncodedMap;
    readonly query: readonly Ciphertext[];
    readonly publicKey: PublicKey;
    readonly seed: Uint8Array;
  },
  reply: ReplyContext,
): Promise<Uint8Array> {
  const { map, query } = input;
  // Whatever encodes the map otherwise (another processor, another version) must not repeat this stream beside it.
  const seed = macParts(input.seed, 'veritrain/reply-randomness/1', map.hash);
  const firsts = query.map(({ first }) => first);
  const seconds = query.map(({ second }) => second);
  const { trace, second } = await sanitise(scheme, input.publicKey, seed, map.packing.block, {
    first: { terms: products(firsts, map.matrix) },
    second: products(seconds, map.matrix),
    traces: [map.offset],
  });
  return writeFrame(replyHeader(scheme.parameters, reply), [trace, second]);
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
export function parseReply(
  parameters: CkksParameters,
  bytes: Uint8Array,
  reply: ReplyContext,
): TraceCiphertext {
  const period = slotPeriod(reply.outputs);
  const body = readFrame(bytes, replyHeader(parameters, reply), traceBytes(parameters, period));
  const split = 16 * period * parameters.primes.length;
  return {
    trace: readResidues(body.subarray(0, split), parameters),
    second: readResidues(body.subarray(split), parameters),
  };
}

/** Model owner: decrypts a reply to its D slots. @throws TrainingError VT7401 to VT7408 */
export async function decryptReply(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  secretKey: SecretKey,
  bytes: Uint8Array,
  reply: ReplyContext,
): Promise<TraceSlots> {
  const coefficients = await decryptTrace(ring, secretKey, parseReply(parameters, bytes, reply));
  const scaleBits = parameters.modelScaleBits + parameters.matrixScaleBits;
  return decodeTrace(coefficients, parameters.ringDegree / coefficients.length, scaleBits);
}
