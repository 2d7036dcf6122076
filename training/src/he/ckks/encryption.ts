import { hashParts, macParts } from '../../canonical.js';
import { Drbg } from '../../drbg.js';
import type { CoupleContext } from '../../messages/frame.js';
import type { Polynomial } from '../ring/backend.js';
import { byPrime, bytesOf, readAllResidues, type Residues } from '../ring/residues.js';
import { sampleNoise, sampleUniform } from '../ring/sample.js';
import { withScope } from '../ring/scope.js';
import type { SecretKey } from './keys.js';
import { parametersHash, type CkksParameters } from './parameters.js';
import type { Scheme } from './scheme.js';

const SEED_BYTES = 32;

/** An encrypted polynomial, transformed: it decrypts to first + second · s. */
export interface Ciphertext {
  readonly first: Polynomial;
  readonly second: Polynomial;
}

/** What something is encrypted for. */
export interface RoundContext extends CoupleContext {
  readonly attempt: number;
}

/** Ciphertexts under the secret key as they are sent: first parts, and the seed that all second parts are expanded from. */
export interface SeededCiphertexts {
  readonly publicSeed: Uint8Array;
  readonly firsts: readonly Residues[];
}

/** Bytes of so many ciphertexts as they are sent. */
export function seededBytes({ ringDegree, primes }: CkksParameters, count: number): number {
  return SEED_BYTES + count * 8 * ringDegree * primes.length;
}

/**
 * The ciphertexts' random parts, from the seed in the message. The model owner chooses the seed, so it is hashed with a
 * tag, ledger, couple and attempt: no choice makes one of these the key's random part, or that of another couple's model.
 */
function randomParts(
  parameters: CkksParameters,
  round: RoundContext,
  publicSeed: Uint8Array,
  count: number,
): Uint8Array[] {
  const seed = hashParts(
    'veritrain/model-random-part/1',
    parametersHash(parameters),
    round.channel,
    round.chaincode,
    round.couple,
    String(round.attempt),
    publicSeed,
  );
  const drbg = new Drbg(seed);
  return Array.from({ length: count }, () => sampleUniform(drbg, parameters));
}

/**
 * Encrypts encoded plaintexts under the secret key. A ciphertext's random part a is sent as a 32-byte seed it is
 * expanded from: −a·s + e + m, half of SEAL's size. The randomness depends on all plaintexts, residue by residue, so no
 * two different lists of plaintexts ever share it, whatever attempt, scale or encoder made them.
 */
export function encryptPlaintexts(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  key: { readonly secret: Uint8Array; readonly secretKey: SecretKey },
  round: RoundContext,
  plaintexts: readonly Residues[],
): Promise<SeededCiphertexts> {
  const plaintext = hashParts(
    'veritrain/model-plaintext/1',
    parametersHash(parameters),
    ...plaintexts.flatMap((residues) => byPrime(residues, parameters.primes).map(bytesOf)),
  );
  const names = [round.channel, round.chaincode, round.couple, String(round.attempt)];
  const seed = macParts(key.secret, 'veritrain/model-encryption/1', ...names, plaintext);
  const publicSeed = macParts(seed, 'veritrain/model-encryption/public/1');
  const drbg = new Drbg(macParts(seed, 'veritrain/model-encryption/noise/1'));
  const noise = plaintexts.map(() => sampleNoise(drbg, parameters.ringDegree));
  return withScope(async (hold) => {
    const random = hold(ring.uniform(randomParts(parameters, round, publicSeed, plaintexts.length)));
    const errors = hold(ring.transformSigned(noise));
    const messages = hold(ring.load(plaintexts));
    const sums = random.map((a, index) => ({
      terms: [[a, key.secretKey.negated]] as const,
      plus: [errors[index], messages[index]].filter((part) => part !== undefined),
    }));
    return { publicSeed, firsts: await ring.read(hold(ring.sumProducts(sums))) };
  });
}

/** Takes ciphertexts out of a message. @throws TrainingError VT7407 */
export function parseCiphertexts(
  parameters: CkksParameters,
  bytes: Uint8Array,
  count: number,
): SeededCiphertexts {
  return {
    publicSeed: bytes.subarray(0, SEED_BYTES),
    firsts: readAllResidues(bytes.subarray(SEED_BYTES), parameters, count),
  };
}

/** Expands the random parts of ciphertexts, ready to compute on. */
export function loadCiphertexts(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  { publicSeed, firsts }: SeededCiphertexts,
  round: RoundContext,
): Ciphertext[] {
  const seconds = ring.uniform(randomParts(parameters, round, publicSeed, firsts.length));
  return pairs(ring.load(firsts), seconds);
}

function pairs(firsts: readonly Polynomial[], seconds: readonly Polynomial[]): Ciphertext[] {
  return firsts.flatMap((first, index) => {
    const second = seconds[index];
    return second === undefined ? [] : [{ first, second }];
  });
}

/** Gives ciphertexts back to their backend. */
export function releaseCiphertexts(ciphertexts: readonly Ciphertext[]): void {
  for (const { first, second } of ciphertexts) {
    first.release();
    second.release();
  }
}
