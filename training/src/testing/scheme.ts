import { createWasmBackend } from '../he/backends/wasm/wasmBackend.js';
import { makeKeyPair, readPublicKey } from '../he/ckks/keys.js';
import { linearParameters } from '../he/ckks/parameters.js';
import { openScheme } from '../he/ckks/scheme.js';
import type { Factor, Polynomial } from '../he/ring/backend.js';
import { byPrime, type Residues } from '../he/ring/residues.js';
import { context } from './fixtures.js';

/** The parameter set in use, on WebAssembly. */
export const scheme = await openScheme(linearParameters, createWasmBackend());

/** The key pair of the fixtures' couple. */
export const secret = new Uint8Array(32).fill(3);
const pair = await makeKeyPair(scheme, secret, context);
export const key = { secret, secretKey: pair.secretKey };
export const keyMessage = pair.message;
export const publicKey = readPublicKey(scheme, keyMessage, context);

const { ring } = scheme;
const { ringDegree, primes } = ring.shape;
const [ones] = ring.load([new BigUint64Array(ringDegree * primes.length).fill(1n)]);

/** Residues of one polynomial. */
export async function readOne(polynomial: Polynomial): Promise<Residues> {
  const [residues] = await ring.read([polynomial]);
  return residues;
}

/** Residues of a factor: its product with 1. */
export function readFactor(factor: Factor): Promise<Residues> {
  return readOne(ring.sumProducts([{ terms: [[ones, factor]] }])[0]);
}

/** One polynomial of residues. */
export function loadOne(residues: Residues): Polynomial {
  return ring.load([residues])[0];
}

/** a·b, place by place. */
export function multiply(a: Residues, b: Residues): Promise<Residues> {
  const [factor] = ring.factors([loadOne(b)]);
  return readOne(ring.sumProducts([{ terms: [[loadOne(a), factor]] }])[0]);
}

/** What `change` makes of the residues of each place, for each prime. */
export function combine(
  [a, ...others]: readonly [Residues, ...Residues[]],
  change: (values: readonly bigint[], q: bigint) => bigint,
): Residues {
  const length = a.length / primes.length;
  return a.map((value, place) =>
    change([value, ...others.map((other) => other[place]!)], primes[Math.floor(place / length)]!),
  );
}

/** a − b. */
export const minus = (a: Residues, b: Residues): Residues =>
  combine([a, b], ([x, y], q) => (x! + q - y!) % q);

/** Whole polynomials, prime by prime, as SEAL's own layout has them. */
export const byPrimes = (...polynomials: readonly Residues[]): Residues[] =>
  polynomials.flatMap((residues) => byPrime(residues, primes));

/** Residues by prime in one array. */
export const joined = (parts: readonly BigUint64Array[]): Residues =>
  BigUint64Array.from(parts.flatMap((part) => [...part]));
