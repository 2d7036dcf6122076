import type { HostMap, MessageShape } from '../../models/family.js';
import { TrainingError } from '../../errors.js';
import { seededBytes, type Ciphertext } from '../ckks/encryption.js';
import type { PublicKey, SecretKey } from '../ckks/keys.js';
import type { PairMask } from '../ckks/masks.js';
import {
  largestCoefficientNoise,
  largestNoise,
  largestProductNoise,
  largestSetupNoise,
} from '../ckks/noise.js';
import {
  coefficientParameters,
  linearParameters,
  productParameters,
  type CkksParameters,
} from '../ckks/parameters.js';
import type { Scheme } from '../ckks/scheme.js';
import type { Pace, Pieces } from '../../work.js';
import { encodeCoefficientMap } from './coefficients/map.js';
import { encryptCoefficientQuery, queryCiphertexts } from './coefficients/query.js';
import {
  coefficientReplyBytes,
  decryptCoefficientReply,
  evaluateCoefficientReply,
  parseCoefficientReply,
} from './coefficients/reply.js';
import { encodeCoefficientSetup } from './coefficients/setup.js';
import { encodeMap } from './hostMap.js';
import { packingOf } from './packing.js';
import { encryptProductQuery } from './product/query.js';
import { decryptProductReply, parseProductReply, productReplyBytes } from './product/reply.js';
import {
  encryptQuery,
  flagBytes,
  parseQuery,
  queryBytes,
  type ParsedQuery,
  type QueryContext,
} from './query.js';
import {
  decryptReply,
  evaluateReply,
  parseReply,
  replyBytes,
  type ReplyContext,
  type SentReply,
} from './reply.js';
import { encodeSetup, readSetup, type EncodedSetup } from './setup.js';

/** What a host replies with. */
interface HostInput {
  readonly query: readonly Ciphertext[];
  readonly publicKey: PublicKey;
  readonly seed: Uint8Array;
  /** Given where the reply carries it. */
  readonly setup?: EncodedSetup | undefined;
  /** Of the other subsets of a batch; none without one. */
  readonly masks?: readonly PairMask[] | undefined;
  /** Of a reply of many ciphertexts. */
  readonly pace?: Pace | undefined;
}

/** A host's map, encoded once for all rounds. */
export interface ReadyMap {
  /** @throws TrainingError VT7511 */
  evaluate(input: HostInput, reply: ReplyContext): Promise<Uint8Array>;
}

/** What a reply says. */
export interface ReplyNumbers {
  /** matrix·query + offset. */
  readonly values: ArrayLike<number>;
  /** imaginary·query; empty where there is none. */
  readonly imaginary: ArrayLike<number>;
  /** What is zero but for noise. */
  readonly free: readonly number[];
  /** The set-up and what beside it is zero but for noise, where the reply carries it. */
  readonly setup: { readonly numbers: readonly number[]; readonly noise: readonly number[] } | undefined;
}

/** How queries and replies of a shape are packed, encrypted and read. */
export interface Circuit {
  readonly parameters: CkksParameters;
  /** Largest noise that a reply and a set-up are accepted with; a sum of replies with that of so many. */
  readonly maxNoise: { readonly result: number; readonly setup: number };
  queryBytes(shape: MessageShape): number;
  replyBytes(shape: MessageShape & Pick<ReplyContext, 'withSetup'>): number;
  encryptQuery(
    scheme: Scheme,
    key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
    query: QueryContext,
    values: Float64Array,
    setupFlags: Uint8Array,
  ): Promise<Uint8Array>;
  /** @throws TrainingError VT7401 to VT7408 */
  parseQuery(bytes: Uint8Array, query: QueryContext): ParsedQuery;
  /** @throws TrainingError VT7401 to VT7408 */
  checkReply(bytes: Uint8Array, reply: ReplyContext): void;
  /** One reply by itself, or the sum of a batch's. @throws TrainingError VT7401 to VT7408 */
  decryptReply(scheme: Scheme, key: SecretKey, replies: readonly SentReply[]): Promise<ReplyNumbers>;
}

/** The same where hosts have their maps in clear. */
export interface MapCircuit extends Circuit {
  /** @throws TrainingError VT7501 */
  encodeMap(scheme: Scheme, map: HostMap): Pieces<ReadyMap>;
  /** Any finite numbers: one beyond the range is sent as its bound. */
  encodeSetup(scheme: Scheme, numbers: Float64Array): EncodedSetup;
}

/** Of messages of this shape. @throws TrainingError VT7305 for one that a family of one's own may not have */
export function circuitOf(shape: MessageShape): Circuit {
  return shape.isMapEncrypted === true ? productCircuit(shape) : mapCircuitOf(shape);
}

/** Of messages of this shape, for a host that has its map in clear. @throws as {@link circuitOf} */
export function mapCircuitOf(shape: MessageShape): MapCircuit {
  return shape.vectors === undefined ? slotCircuit(shape) : coefficientCircuit(shape);
}

/** More numbers of one reply could tell a key of the model owner's choice all that a ternary randomiser has. */
const MOST_SLOT_OUTPUTS = 32;

function slotCircuit(shape: MessageShape): MapCircuit {
  const { outputs } = shape;
  if (outputs > MOST_SLOT_OUTPUTS) {
    const what = `replies of ${outputs} numbers need \`vectors\`: without it they have at most ${MOST_SLOT_OUTPUTS}`;
    throw new TrainingError('VT7305', what, { outputs, most: MOST_SLOT_OUTPUTS });
  }
  const parameters = linearParameters;
  const { ciphertexts } = packingOf(parameters, shape);
  return {
    parameters,
    maxNoise: {
      result: largestNoise(parameters, { ...shape, ciphertexts }),
      setup: largestSetupNoise(parameters),
    },
    queryBytes: (of) => queryBytes(parameters, of),
    replyBytes: (of) => replyBytes(parameters, of),
    encryptQuery,
    parseQuery: (bytes, query) => parseQuery(parameters, bytes, query),
    // At most some ciphertexts: one piece.
    *encodeMap(scheme, given) {
      yield { phase: 'encodeMatrix', done: 0, of: ciphertexts, unit: 'plaintexts' };
      const map = encodeMap(scheme, given);
      return { evaluate: (input, reply) => evaluateReply(scheme, { ...input, map }, reply) };
    },
    encodeSetup,
    checkReply: (bytes, reply) => void parseReply(parameters, bytes, reply),
    decryptReply: async (scheme, key, replies) => {
      const { result, setup } = await decryptReply(scheme, key, replies);
      const imaginary = result.imaginary.subarray(0, shape.imaginary ? outputs : 0);
      return {
        values: result.real.subarray(0, outputs),
        imaginary,
        free: [...result.real.subarray(outputs), ...result.imaginary.subarray(imaginary.length)],
        setup: setup && readSetup(setup, shape.setup),
      };
    },
  };
}

function coefficientCircuit(shape: MessageShape): MapCircuit {
  const parameters = coefficientParameters;
  const ciphertexts = queryCiphertexts(parameters, shape);
  return {
    parameters,
    maxNoise: {
      result: largestCoefficientNoise(parameters, shape.inputs),
      setup: largestCoefficientNoise(parameters, 0),
    },
    queryBytes: (of) => seededBytes(parameters, queryCiphertexts(parameters, of)) + flagBytes(of),
    replyBytes: (of) => coefficientReplyBytes(parameters, of),
    encryptQuery: encryptCoefficientQuery,
    parseQuery: (bytes, query) => parseQuery(parameters, bytes, query, ciphertexts),
    *encodeMap(scheme, given) {
      const map = yield* encodeCoefficientMap(scheme, given);
      return { evaluate: (input, reply) => evaluateCoefficientReply(scheme, { ...input, map }, reply) };
    },
    encodeSetup: encodeCoefficientSetup,
    checkReply: (bytes, reply) => void parseCoefficientReply(parameters, bytes, reply),
    decryptReply: async (scheme, key, replies) => {
      const numbers = await decryptCoefficientReply(scheme, key, replies, shape);
      return { ...numbers, imaginary: [] };
    },
  };
}

/** Whose maps are ciphertexts themselves: hosts load them as they came (`product/encryptedMap.ts`). */
function productCircuit(shape: MessageShape): Circuit {
  const parameters = productParameters;
  return {
    parameters,
    maxNoise: { result: largestProductNoise(parameters, shape), setup: 0 },
    queryBytes: () => seededBytes(parameters, 1),
    replyBytes: (of) => productReplyBytes(of),
    encryptQuery: encryptProductQuery,
    parseQuery: (bytes, query) => parseQuery(parameters, bytes, query, 1),
    checkReply: (bytes, reply) => void parseProductReply(bytes, reply),
    decryptReply: async (scheme, key, replies) => {
      const { values, free } = await decryptProductReply(scheme, key, replies, shape);
      return { values, imaginary: [], free, setup: undefined };
    },
  };
}
