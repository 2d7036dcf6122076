import { TrainingError } from '../../errors.js';
import { coupleHash, readFrame, writeFrame, type FrameHeader } from '../../messages/frame.js';
import { SETUP_FLAG_BYTES } from '../../messages/setupFlags.js';
import {
  encryptPlaintexts,
  loadCiphertexts,
  parseCiphertexts,
  seededBytes,
  type Ciphertext,
  type RoundContext,
  type SeededCiphertexts,
} from '../ckks/encryption.js';
import type { SecretKey } from '../ckks/keys.js';
import { parametersHash, type CkksParameters } from '../ckks/parameters.js';
import type { Scheme } from '../ckks/scheme.js';
import { packingOf, packSlots } from './packing.js';

/** Which round a query belongs to, and what maps it is for. */
export interface QueryContext extends RoundContext {
  /** Columns of the dataset beside the target. */
  readonly features: number;
  /** Numbers of the query, of each vector where there are several. */
  readonly inputs: number;
  /** Numbers of a reply, of each vector where there are several. */
  readonly outputs: number;
  /** Vectors that share the matrix, packed in coefficients; packed in slots if absent. */
  readonly vectors?: number | undefined;
  /** Numbers of a set-up; none if absent. */
  readonly setup?: number | undefined;
}

/** A query as it came, checked. */
export interface ParsedQuery {
  readonly ciphertexts: SeededCiphertexts;
  /** Which subsets owe their set-up (`setupFlags.ts`); empty where the family has none. */
  readonly setupFlags: Uint8Array;
}

function queryHeader(parameters: CkksParameters, query: QueryContext): FrameHeader {
  return {
    kind: 'encryptedModel',
    features: query.features,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: parameters.modelScaleBits,
    attempt: query.attempt,
    subset: 0,
    parameters: parametersHash(parameters),
    couple: coupleHash(query),
  };
}

/** Bytes of a query's body. */
export function queryBytes(
  parameters: CkksParameters,
  shape: Pick<QueryContext, 'inputs' | 'outputs' | 'setup'>,
): number {
  return seededBytes(parameters, packingOf(parameters, shape).ciphertexts) + flagBytes(shape);
}

/** Bytes behind a query's ciphertexts. */
export function flagBytes({ setup = 0 }: Pick<QueryContext, 'setup'>): number {
  return setup === 0 ? 0 : SETUP_FLAG_BYTES;
}

/**
 * Model owner: the encrypted query. Input i stands in as many slots as a reply has outputs, rounded up to the period.
 * @param setupFlags which subsets owe their set-up; given where there are set-ups
 * @throws TrainingError VT7501 for another number of values, or something else than finite numbers
 */
export async function encryptQuery(
  scheme: Scheme,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  query: QueryContext,
  values: Float64Array,
  setupFlags: Uint8Array = new Uint8Array(flagBytes(query)),
): Promise<Uint8Array> {
  const { parameters, encode } = scheme;
  checkValues(query, values);
  const packing = packingOf(parameters, query);
  const shape = { inputs: query.inputs, outputs: packing.period };
  const plaintexts = packSlots(packing, shape, (input) => values[input]!).map((slots) =>
    encode(slots, parameters.modelScaleBits),
  );
  const encrypted = await encryptPlaintexts(scheme, key, query, plaintexts);
  return writeQuery(parameters, query, encrypted, setupFlags);
}

/** The message of a query. */
export function writeQuery(
  parameters: CkksParameters,
  query: QueryContext,
  { publicSeed, firsts }: SeededCiphertexts,
  setupFlags: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return writeFrame(queryHeader(parameters, query), [publicSeed, ...firsts, setupFlags]);
}

/** Host: checks an encrypted query before anything is computed. @throws TrainingError VT7401 to VT7408 */
export function parseQuery(
  parameters: CkksParameters,
  bytes: Uint8Array,
  query: QueryContext,
  count = packingOf(parameters, query).ciphertexts,
): ParsedQuery {
  const expected = seededBytes(parameters, count) + flagBytes(query);
  const body = readFrame(bytes, queryHeader(parameters, query), expected);
  const end = seededBytes(parameters, count);
  const ciphertexts = parseCiphertexts(parameters, body.subarray(0, end), count);
  return { ciphertexts, setupFlags: body.subarray(end) };
}

/** @throws TrainingError VT7501 */
export function checkValues({ inputs, vectors = 1 }: QueryContext, values: Float64Array): void {
  if (values.length === inputs * vectors && values.every(Number.isFinite)) return;
  throw new TrainingError('VT7501', `a query has ${inputs * vectors} finite numbers`, {
    inputs,
    found: values.length,
  });
}

/** Host: the same, ready to compute on. @throws TrainingError VT7401 to VT7408 */
export function readQuery(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  bytes: Uint8Array,
  query: QueryContext,
): Ciphertext[] {
  return loadCiphertexts(scheme, parseQuery(scheme.parameters, bytes, query).ciphertexts, query);
}
