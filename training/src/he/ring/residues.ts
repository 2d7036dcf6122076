import { TrainingError } from '../../errors.js';

/** A ring Z[X]/(X^N + 1) modulo each of some primes below 2^60. */
export interface RingShape {
  /** N, a power of two: polynomials have this many coefficients. */
  readonly ringDegree: number;
  /** Each one more than a multiple of 2·N. */
  readonly primes: readonly bigint[];
}

/**
 * A polynomial's residues, prime by prime: those of the first prime, then those of the second. Each is in [0, q). As many
 * per prime as the polynomial has places: N, or fewer in a trace.
 */
export type Residues = BigUint64Array<ArrayBuffer>;

/**
 * Reads one polynomial (u64 little-endian, prime by prime), whose number of places follows from the length of the bytes. The same
 * memory where it is aligned, so leave it unchanged.
 * @throws TrainingError VT7407 where a residue is not below its prime
 */
export function readResidues(bytes: Uint8Array, { primes }: RingShape): Residues {
  const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const residues = new BigUint64Array(buffer as ArrayBuffer, byteOffset, length / 8);
  checkRange(residues, primes);
  return residues;
}

/** The same for `count` polynomials of equal size, one behind the other. @throws TrainingError VT7407 */
export function readAllResidues(bytes: Uint8Array, shape: RingShape, count: number): Residues[] {
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, index) =>
    readResidues(bytes.subarray(index * size, (index + 1) * size), shape),
  );
}

function checkRange(residues: Residues, primes: readonly bigint[]): void {
  // Halves of 32 bits: a comparison of BigInts allocates both. Byte order is that of every platform of Node: little-endian.
  const halves = new Uint32Array(residues.buffer, residues.byteOffset, 2 * residues.length);
  const perPrime = halves.length / primes.length;
  primes.forEach((q, prime) => {
    const limit = { low: Number(q & 0xffffffffn), high: Number(q >> 32n) };
    if (!areBelow(halves.subarray(prime * perPrime, (prime + 1) * perPrime), limit))
      throw new TrainingError('VT7407', 'a residue is not below its prime', { prime });
  });
}

function areBelow(halves: Uint32Array, limit: { readonly low: number; readonly high: number }): boolean {
  for (let place = 0; place < halves.length; place += 2) {
    const high = halves[place + 1] ?? 0;
    if (high > limit.high || (high === limit.high && (halves[place] ?? 0) >= limit.low)) return false;
  }
  return true;
}

/** The residues of each prime; the same memory. */
export function byPrime(residues: Residues, primes: readonly bigint[]): Residues[] {
  const length = residues.length / primes.length;
  return primes.map((_, prime) => residues.subarray(prime * length, (prime + 1) * length));
}

/** The residues as u64 little-endian; the same memory. */
export function bytesOf(residues: Residues): Uint8Array {
  return new Uint8Array(residues.buffer, residues.byteOffset, residues.byteLength);
}
