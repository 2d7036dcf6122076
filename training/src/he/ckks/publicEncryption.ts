import { Drbg } from '../../drbg.js';
import type { Polynomial } from '../ring/backend.js';
import type { Residues } from '../ring/residues.js';
import { sampleNoise, sampleTernary } from '../ring/sample.js';
import { withScope } from '../ring/scope.js';
import type { PublicKey } from './keys.js';
import type { Scheme } from './scheme.js';

/** A ciphertext under a public key as it is sent: its second part has no seed. */
export interface PublicCiphertext {
  readonly first: Residues;
  readonly second: Residues;
}

/**
 * Encrypts a transformed plaintext under a couple's public key: u·pk + e + m, as SEAL does. Only the model owner can decrypt it.
 * @param seed of u and e: known to nobody who is not to know the plaintext, and never used for another one
 */
export function encryptUnderPublicKey(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  publicKey: PublicKey,
  seed: Uint8Array,
  plaintext: Polynomial,
): Promise<PublicCiphertext> {
  const { ringDegree } = parameters;
  const drbg = new Drbg(seed);
  const drawn = [
    sampleTernary(drbg, ringDegree),
    sampleNoise(drbg, ringDegree),
    sampleNoise(drbg, ringDegree),
  ] as const;
  return withScope(async (hold) => {
    const [u, firstNoise, secondNoise] = hold(ring.transformSigned(drawn));
    const sums = hold(
      ring.sumProducts([
        { terms: [[u, publicKey.first]], plus: [firstNoise, plaintext] },
        { terms: [[u, publicKey.second]], plus: [secondNoise] },
      ]),
    );
    const [first, second] = await ring.read(sums);
    return { first, second };
  });
}
