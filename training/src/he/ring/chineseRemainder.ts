import { inverseOf } from './modular.js';
import { byPrime, type Residues } from './residues.js';

/**
 * The integers that have these residues once multiplied by `factor`, centred modulo the product Q of the primes: in
 * (−Q/2, Q/2].
 */
export function centredIntegers(residues: Residues, primes: readonly bigint[], factor: bigint): bigint[] {
  const modulus = primes.reduce((product, q) => product * q, 1n);
  const parts = byPrime(residues, primes);
  const lifts = primes.map((q) => {
    const others = modulus / q;
    return (others * ((inverseOf(others, q) * inverseOf(factor, q)) % q)) % modulus;
  });
  return Array.from({ length: residues.length / primes.length }, (_, place) => {
    const sum = lifts.reduce((total, lift, prime) => total + lift * (parts[prime]?.[place] ?? 0n), 0n);
    const value = sum % modulus;
    return value > modulus / 2n ? value - modulus : value;
  });
}
