import { hashParts, macParts } from '../canonical.js';
import { Drbg } from '../drbg.js';
import {
  coupleHash,
  readFrame,
  writeFrame,
  type CoupleContext,
  type FrameHeader,
} from '../messages/frame.js';
import { kernelsOf, type Residues } from './kernel.js';
import { parametersHash, type CkksParameters } from './parameters.js';
import { readResidues } from './residues.js';
import { sampleNoise, sampleTernary, sampleUniform } from './sample.js';

/** The model owner's secret key: negated, in Montgomery form, which is all that encryption and decryption need. */
export interface SecretKey {
  readonly negated: readonly Residues[];
}

/** The public key of a couple as hosts use it, in Montgomery form. */
export interface PublicKey {
  readonly first: readonly Residues[];
  readonly second: readonly Residues[];
}

/**
 * The key's random part. It is no choice of the model owner: everybody expands it from the couple's name, so that a
 * key without randomness, which would undo a host's re-randomisation, cannot be made.
 */
function randomPart(parameters: CkksParameters, context: CoupleContext): Residues[] {
  const seed = hashParts(
    'veritrain/he-key-random-part/1',
    parametersHash(parameters),
    context.channel,
    context.chaincode,
    context.couple,
  );
  return sampleUniform(new Drbg(seed), kernelsOf(parameters));
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
  parameters: CkksParameters,
  secret: Uint8Array,
  context: CoupleContext,
): { secretKey: SecretKey; message: Uint8Array } {
  const kernels = kernelsOf(parameters);
  const { channel, chaincode, couple } = context;
  const seed = macParts(secret, 'veritrain/he-key/1', parametersHash(parameters), channel, chaincode, couple);
  const drbg = new Drbg(seed);
  const negatedSecret = sampleTernary(drbg, parameters.ringDegree).map((value) => -value);
  const noise = sampleNoise(drbg, parameters.ringDegree);
  const random = randomPart(parameters, context);
  const negated = kernels.map((kernel) => kernel.toMontgomery(kernel.transformSigned(negatedSecret)));
  const first = kernels.map((kernel, index) =>
    kernel.addProducts(kernel.transformSigned(noise), [at(random, index), at(negated, index)]),
  );
  return { secretKey: { negated }, message: writeFrame(keyHeader(parameters, context), first) };
}

/**
 * Checks a public key message and completes it with the part that is derived from the couple.
 * @throws TrainingError VT7401 to VT7408
 */
export function readPublicKey(
  parameters: CkksParameters,
  message: Uint8Array,
  context: CoupleContext,
): PublicKey {
  const kernels = kernelsOf(parameters);
  const { ringDegree, primes } = parameters;
  const body = readFrame(message, keyHeader(parameters, context), 8 * ringDegree * primes.length);
  const first = readResidues(body, kernels, ringDegree);
  const second = randomPart(parameters, context);
  return {
    first: kernels.map((kernel, index) => kernel.toMontgomery(at(first, index))),
    second: kernels.map((kernel, index) => kernel.toMontgomery(at(second, index))),
  };
}

/** The polynomial of one prime. */
export function at(polynomials: readonly Residues[], index: number): Residues {
  const residues = polynomials[index];
  if (residues === undefined) throw new RangeError(`no residues for prime ${index}`);
  return residues;
}
