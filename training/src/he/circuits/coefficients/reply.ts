import { macParts } from '../../../canonical.js';
import { decryptTrace } from '../../ckks/decryption.js';
import type { Ciphertext } from '../../ckks/encryption.js';
import type { PublicKey, SecretKey } from '../../ckks/keys.js';
import type { CkksParameters } from '../../ckks/parameters.js';
import type { PairMask } from '../../ckks/masks.js';
import { sanitise, type TraceCiphertext } from '../../ckks/sanitising.js';
import type { Scheme } from '../../ckks/scheme.js';
import type { Factor, Polynomial } from '../../ring/backend.js';
import { parseTrace, partMasks, readReply, writeReply, type ReplyContext, type SentReply } from '../reply.js';
import { sanitisedSetup, type EncodedSetup } from '../setup.js';
import type { Pace } from '../../../work.js';
import { coefficientLayout, type CoefficientLayout } from './layout.js';
import type { CoefficientMap } from './map.js';
import { coefficientSetupPeriod, readCoefficientSetup } from './setup.js';

/** What a reply says. */
export interface DecryptedVectors {
  /** matrix·query + offset, vector by vector. */
  readonly values: Float64Array;
  /** Coefficients of the traces that hold no number: zero but for noise. */
  readonly free: readonly number[];
  /** See {@link readCoefficientSetup}. */
  readonly setup: ReturnType<typeof readCoefficientSetup> | undefined;
}

/** What a reply holds, encrypted. */
interface ParsedVectors {
  /** By group of vectors and run of outputs. */
  readonly results: readonly TraceCiphertext[];
  readonly setup: TraceCiphertext | undefined;
}

type Ring = Pick<Scheme, 'parameters' | 'ring'>;

type MapSizes = Pick<ReplyContext, 'inputs' | 'outputs' | 'vectors'>;

function layoutOf(parameters: CkksParameters, reply: MapSizes): CoefficientLayout {
  return coefficientLayout(parameters, { ...reply, vectors: reply.vectors ?? 1 });
}

/** Bytes of one ciphertext of a reply. */
function ciphertextBytes(
  { ringDegree, primes }: CkksParameters,
  { block }: Pick<CoefficientLayout, 'block'>,
): number {
  return 8 * (ringDegree / block + ringDegree) * primes.length;
}

/** Bytes of a reply's body. */
export function coefficientReplyBytes(
  parameters: CkksParameters,
  shape: MapSizes & Pick<ReplyContext, 'setup' | 'withSetup'>,
): number {
  return resultBytes(parameters, shape) + (shape.withSetup ? setupBytes(parameters, shape) : 0);
}

function resultBytes(parameters: CkksParameters, shape: MapSizes): number {
  const layout = layoutOf(parameters, shape);
  return layout.groups * layout.outputRuns * ciphertextBytes(parameters, layout);
}

function setupBytes(parameters: CkksParameters, { setup = 0 }: Pick<ReplyContext, 'setup'>): number {
  return ciphertextBytes(parameters, { block: parameters.ringDegree / coefficientSetupPeriod(setup) });
}

/**
 * A host's reply: for each group of vectors and each run of outputs one ciphertext, and one for the set-up where it is asked for;
 * each sanitised by itself.
 */
export async function evaluateCoefficientReply(
  scheme: Ring,
  input: {
    readonly map: CoefficientMap;
    readonly query: readonly Ciphertext[];
    readonly publicKey: PublicKey;
    readonly seed: Uint8Array;
    /** Given where the reply carries it. */
    readonly setup?: EncodedSetup | undefined;
    /** Of the other subsets of a batch; none without one. */
    readonly masks?: readonly PairMask[] | undefined;
    readonly pace?: Pace | undefined;
  },
  reply: ReplyContext,
): Promise<Uint8Array> {
  const { map, query, publicKey, seed, setup, pace } = input;
  const maskOf = partMasks(scheme.parameters, input.masks);
  const { inputRuns, outputRuns, groups, block } = map.layout;
  const parts: TraceCiphertext[] = [];
  for (let group = 0; group < groups; group++) {
    const own = query.slice(group * inputRuns, (group + 1) * inputRuns);
    for (let run = 0; run < outputRuns; run++) {
      const matrix = map.matrix[run] ?? [];
      const offset = map.offsets[group]?.[run];
      // One seed must never serve two results, and another encoding must not repeat this stream beside it.
      const place = `${group}/${run}`;
      const result = {
        first: { terms: products(own, matrix, 'first') },
        second: products(own, matrix, 'second'),
        traces: offset === undefined ? [] : [offset],
        mask: maskOf(place, block),
      };
      const randomness = macParts(seed, 'veritrain/coefficient-reply-randomness/1', map.hash, place);
      parts.push(await sanitise(scheme, publicKey, randomness, block, result));
      await pace?.next({ phase: 'reply', done: parts.length, of: groups * outputRuns, unit: 'ciphertexts' });
    }
  }
  if (setup !== undefined)
    parts.push(await sanitisedSetup(scheme, publicKey, seed, setup, maskOf('setup', setup.block)));
  return writeReply(
    scheme.parameters,
    reply,
    parts.flatMap(({ trace, second }) => [trace, second]),
  );
}

function products(
  query: readonly Ciphertext[],
  matrix: readonly Factor[],
  part: keyof Ciphertext,
): (readonly [Polynomial, Factor])[] {
  if (query.length !== matrix.length) throw new RangeError('one plaintext for each ciphertext');
  return query.flatMap((ciphertext, run) => {
    const factor = matrix[run];
    return factor === undefined ? [] : [[ciphertext[part], factor] as const];
  });
}

/** Model owner: checks a reply's form. @throws TrainingError VT7401 to VT7408 */
export function parseCoefficientReply(
  parameters: CkksParameters,
  bytes: Uint8Array,
  reply: ReplyContext,
): ParsedVectors {
  const layout = layoutOf(parameters, reply);
  const body = readReply(parameters, bytes, reply, coefficientReplyBytes(parameters, reply));
  const size = ciphertextBytes(parameters, layout);
  const results = Array.from({ length: layout.groups * layout.outputRuns }, (_, index) =>
    parseTrace(
      parameters,
      body.subarray(index * size, (index + 1) * size),
      parameters.ringDegree / layout.block,
    ),
  );
  const rest = body.subarray(results.length * size);
  const period = coefficientSetupPeriod(reply.setup ?? 0);
  return { results, setup: reply.withSetup ? parseTrace(parameters, rest, period) : undefined };
}

/** Model owner: decrypts a reply, or the sum of a batch's replies. @throws TrainingError VT7401 to VT7408 */
export async function decryptCoefficientReply(
  { parameters, ring }: Ring,
  secretKey: SecretKey,
  replies: readonly SentReply[],
  shape: MapSizes & Pick<ReplyContext, 'setup'>,
): Promise<DecryptedVectors> {
  const layout = layoutOf(parameters, shape);
  const { outputs, vectors = 1 } = shape;
  const values = new Float64Array(outputs * vectors);
  const free: number[] = [];
  const scale = 2 ** (parameters.modelScaleBits + parameters.matrixScaleBits);
  const parsed = replies.map(({ bytes, reply }) => parseCoefficientReply(parameters, bytes, reply));
  for (let index = 0; index < layout.groups * layout.outputRuns; index++) {
    const group = Math.floor(index / layout.outputRuns);
    const run = index % layout.outputRuns;
    const parts = parsed.flatMap(({ results }) => results[index] ?? []);
    const numbers = (await decryptTrace(ring, secretKey, parts)).map((value) => Number(value) / scale);
    numbers.forEach((number, place) => {
      const vector = group * layout.vectors + Math.floor(place / layout.outputs);
      const output = run * layout.outputs + (place % layout.outputs);
      const isUsed = place < layout.vectors * layout.outputs && vector < vectors && output < outputs;
      if (isUsed) values[vector * outputs + output] = numbers[place]!;
      else free.push(number);
    });
  }
  const setups = parsed.flatMap(({ setup }) => setup ?? []);
  const setup =
    setups.length === 0
      ? undefined
      : readCoefficientSetup(parameters, await decryptTrace(ring, secretKey, setups), shape.setup ?? 0);
  return { values, free, setup };
}
