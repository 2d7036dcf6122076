import { hashParts, macParts } from '../../canonical.js';
import { Drbg } from '../../drbg.js';
import {
  coupleHash,
  readFrame,
  writeFrame,
  type CoupleContext,
  type FrameHeader,
} from '../../messages/frame.js';
import type { Factor } from '../ring/backend.js';
import { readResidues, type Residues } from '../ring/residues.js';
import { sampleNoise, sampleTernary, sampleUniform } from '../ring/sample.js';
import { withScope } from '../ring/scope.js';
import { parametersHash, type CkksParameters } from './parameters.js';
import type { Scheme } from './scheme.js';

/** The model owner's secret key s: decryption multiplies by it, encryption by −s, decryption of products by s² too. */
export interface SecretKey {
  readonly secret: Factor;
  readonly negated: Factor;
  readonly square: Factor;
}

/** The public key of a couple as hosts use it. */
export interface PublicKey {
  readonly first: Factor;
  readonly second: Factor;
}

/**
 * The key's random part. It is no choice of the model owner: everybody expands it from the couple's name, so that a
 * key without randomness, which would undo a host's re-randomisation, cannot be made.
 */
function randomPart(parameters: CkksParameters, context: CoupleContext): Uint8Array {
  const seed = hashParts(
    'veritrain/he-key-random-part/1',
    parametersHash(parameters),
    context.channel,
    context.chaincode,
    context.couple,
  );
  return sampleUniform(new Drbg(seed), parameters);
}

function keyHeader(parameters: CkksParameters, context: CoupleContext): FrameHeader {
  return {
    kind: 'encryptedKey',
    features: 0,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: 0,
    attempt: 0,
    subset: 0,
    parameters: parametersHash(parameters),
    couple: coupleHash(context),
  };
}

/**
 * The key pair of a couple, derived from the model owner's secret: the same secret and couple give the same key. The
 * message holds the public key's first part, −a·s + e; hosts derive a themselves.
 */
export function makeKeyPair(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  secret: Uint8Array,
  context: CoupleContext,
): Promise<{ secretKey: SecretKey; message: Uint8Array }> {
  const { channel, chaincode, couple } = context;
  const seed = macParts(secret, 'veritrain/he-key/1', parametersHash(parameters), channel, chaincode, couple);
  const drbg = new Drbg(seed);
  const drawn = sampleTernary(drbg, parameters.ringDegree);
  const noise = sampleNoise(drbg, parameters.ringDegree);
  return withScope(async (hold) => {
    const [s, minus, e] = hold(ring.transformSigned([drawn, drawn.map((value) => -value), noise]));
    const [key, negated] = ring.factors([s, minus]);
    const [square] = ring.factors(hold(ring.sumProducts([{ terms: [[s, key]] }])));
    const [a] = hold(ring.uniform([randomPart(parameters, context)]));
    const first = await ring.read(hold(ring.sumProducts([{ terms: [[a, negated]], plus: [e] }])));
    return {
      secretKey: { secret: key, negated, square },
      message: writeFrame(keyHeader(parameters, context), first),
    };
  });
}

/** Checks a public key message before anything is computed: its first part. @throws TrainingError VT7401 to VT7408 */
export function parsePublicKey(
  parameters: CkksParameters,
  message: Uint8Array,
  context: CoupleContext,
): Residues {
  const { ringDegree, primes } = parameters;
  const body = readFrame(message, keyHeader(parameters, context), 8 * ringDegree * primes.length);
  return readResidues(body, parameters);
}

/** Completes a public key with the part that is derived from the couple, ready to compute with. */
export function loadPublicKey(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  parsed: Residues,
  context: CoupleContext,
): PublicKey {
  const [sent] = ring.load([parsed]);
  const [derived] = ring.uniform([randomPart(parameters, context)]);
  const [first, second] = ring.factors([sent, derived]);
  sent.release();
  derived.release();
  return { first, second };
}

/** Both at once. @throws TrainingError VT7401 to VT7408 */
export function readPublicKey(
  scheme: Pick<Scheme, 'parameters' | 'ring'>,
  message: Uint8Array,
  context: CoupleContext,
): PublicKey {
  return loadPublicKey(scheme, parsePublicKey(scheme.parameters, message, context), context);
}
