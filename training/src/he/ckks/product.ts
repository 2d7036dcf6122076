import type { RingArithmetic } from '../ring/backend.js';
import type { Ciphertext } from './encryption.js';
import type { PublicKey } from './keys.js';
import type { ProductTerms } from './sanitising.js';

/** A ciphertext in the form that others are multiplied by. It is of the same kind as a public key, which encrypts zero. */
export type FactorCiphertext = PublicKey;

/** @returns what others are multiplied by; the ciphertext is left as it is */
export function factorCiphertext(ring: RingArithmetic, { first, second }: Ciphertext): FactorCiphertext {
  const [firstFactor, secondFactor] = ring.factors([first, second]);
  return { first: firstFactor, second: secondFactor };
}

/**
 * The three parts of a ciphertext times a ciphertext: (a + b·s)·(c + d·s) = a·c + (a·d + b·c)·s + b·d·s². Scales multiply. Nothing is
 * relinearised, so there are no relinearisation keys: whoever decrypts multiplies the third part by s².
 */
export function multiplyCiphertexts(a: Ciphertext, b: FactorCiphertext): ProductTerms {
  return [
    [[a.first, b.first]],
    [
      [a.first, b.second],
      [a.second, b.first],
    ],
    [[a.second, b.second]],
  ];
}
