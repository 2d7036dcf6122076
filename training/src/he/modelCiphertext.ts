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
import { at, type SecretKey } from './keys.js';
import { parametersHash, slotPeriod, type CkksParameters } from './parameters.js';
import { bytesOf, readResidues } from './residues.js';
import { sampleNoise, sampleUniform } from './sample.js';
import type { Encode } from './seal.js';

const SEED_BYTES = 32;

/** The encrypted model as a host works on it. */
export interface ModelCiphertext {
  readonly first: readonly Residues[];
  readonly second: readonly Residues[];
}

/** What a model is encrypted for. */
export interface RoundContext extends CoupleContext {
  readonly attempt: number;
  readonly features: number;
}

function modelHeader(parameters: CkksParameters, round: RoundContext): FrameHeader {
  return {
    kind: 'encryptedModel',
    features: round.features,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: parameters.modelScaleBits,
    attempt: round.attempt,
    subset: 0,
    parameters: parametersHash(parameters),
    couple: coupleHash(round),
  };
}

/**
 * The ciphertext's random part, from the seed in the message. The model owner chooses the seed, so it is hashed with a
 * tag, ledger, couple and attempt: no choice makes this the key's random part, or that of another couple's model.
 */
function randomPart(parameters: CkksParameters, round: RoundContext, publicSeed: Uint8Array): Residues[] {
  const seed = hashParts(
    'veritrain/model-random-part/1',
    parametersHash(parameters),
    round.channel,
    round.chaincode,
    round.couple,
    String(round.attempt),
    publicSeed,
  );
  return sampleUniform(new Drbg(seed), kernelsOf(parameters));
}

/**
 * Encrypts the weights under the secret key. The ciphertext's random part a is sent as the 32-byte seed it is
 * expanded from: −a·s + e + m, half of SEAL's size. The randomness depends on the encoded weights m, residue by
 * residue, so no two different plaintexts ever share it, whatever attempt, scale or encoder made them.
 */
export function encryptModel(
  parameters: CkksParameters,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  round: RoundContext,
  weights: Float64Array,
  encode: Encode,
): Uint8Array {
  const kernels = kernelsOf(parameters);
  const message = encode(packWeights(weights, parameters), parameters.modelScaleBits);
  const plaintext = hashParts(
    'veritrain/model-plaintext/1',
    parametersHash(parameters),
    ...message.map(bytesOf),
  );
  const names = [round.channel, round.chaincode, round.couple, String(round.attempt)];
  const seed = macParts(key.secret, 'veritrain/model-encryption/1', ...names, plaintext);
  const publicSeed = macParts(seed, 'veritrain/model-encryption/public/1');
  const noise = sampleNoise(
    new Drbg(macParts(seed, 'veritrain/model-encryption/noise/1')),
    parameters.ringDegree,
  );
  const random = randomPart(parameters, round, publicSeed);
  const first = kernels.map((kernel, index) => {
    const masked = kernel.addProducts(kernel.transformSigned(noise), [
      at(random, index),
      at(key.secretKey.negated, index),
    ]);
    return kernel.add(masked, at(message, index));
  });
  return writeFrame(modelHeader(parameters, round), [publicSeed, ...first]);
}

/** Checks an encrypted model and expands its random part. @throws TrainingError VT7401 to VT7408 */
export function readModel(
  parameters: CkksParameters,
  bytes: Uint8Array,
  round: RoundContext,
): ModelCiphertext {
  const kernels = kernelsOf(parameters);
  const { ringDegree, primes } = parameters;
  const body = readFrame(bytes, modelHeader(parameters, round), SEED_BYTES + 8 * ringDegree * primes.length);
  return {
    first: readResidues(body.subarray(SEED_BYTES), kernels, ringDegree),
    second: randomPart(parameters, round, body.subarray(0, SEED_BYTES)),
  };
}

/** Slots i·D … i·D + D − 1 hold weight i, so that a slot-wise product with the matrix, summed modulo D, is M·w. */
function packWeights(weights: Float64Array, parameters: CkksParameters): Float64Array {
  const slots = new Float64Array(parameters.ringDegree / 2);
  const period = slotPeriod(weights.length);
  weights.forEach((weight, i) => slots.fill(weight, i * period, (i + 1) * period));
  return slots;
}
