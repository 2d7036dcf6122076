import { coupleHash, readFrame, writeFrame, type FrameHeader } from '../../messages/frame.js';
import { at } from '../../numbers.js';
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
  /** Numbers of the query. */
  readonly inputs: number;
  /** Numbers of a reply. */
  readonly outputs: number;
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
export function queryBytes(parameters: CkksParameters, shape: { inputs: number; outputs: number }): number {
  return seededBytes(parameters, packingOf(parameters, shape).ciphertexts);
}

/** Model owner: the encrypted query. Input i stands in as many slots as a reply has outputs, rounded up to the period. */
export async function encryptQuery(
  scheme: Scheme,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  query: QueryContext,
  values: Float64Array,
): Promise<Uint8Array> {
  const { parameters, encode } = scheme;
  const packing = packingOf(parameters, query);
  const shape = { inputs: query.inputs, outputs: packing.period };
  const plaintexts = packSlots(packing, shape, (input) => at(values, input)).map((slots) =>
    encode(slots, parameters.modelScaleBits),
  );
  const { publicSeed, firsts } = await encryptPlaintexts(scheme, key, query, plaintexts);
  return writeFrame(queryHeader(parameters, query), [publicSeed, ...firsts]);
}

/** Host: checks an encrypted query before anything is computed. @throws TrainingError VT7401 to VT7408 */
export function parseQuery(
  parameters: CkksParameters,
  bytes: Uint8Array,
  query: QueryContext,
): SeededCiphertexts {
  const { ciphertexts } = packingOf(parameters, query);
  const body = readFrame(bytes, queryHeader(parameters, query), seededBytes(parameters, ciphertexts));
  return parseCiphertexts(parameters, body, ciphertexts);
}

/** Host: the same, ready to compute on. @throws TrainingError VT7401 to VT7408 */
export function readQuery(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  bytes: Uint8Array,
  query: QueryContext,
): Ciphertext[] {
  return loadCiphertexts(scheme, parseQuery(scheme.parameters, bytes, query), query);
}
