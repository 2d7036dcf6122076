import type { Residues, RingShape } from './residues.js';

/** Something that a backend holds. */
export interface Resident {
  /**
   * Gives its memory back; what was queued before still finds it. Long-lived ones may leave that to the garbage
   * collector. Not to be used afterwards.
   */
  release(): void;
}

/** A polynomial that a backend holds: for each prime one residue at each of `length` places. */
export interface Polynomial extends Resident {
  /** Tells it from a factor. */
  readonly kind: 'polynomial';
  /** N; fewer in a trace. */
  readonly length: number;
}

/** A polynomial of N places in whatever form its backend multiplies by. It cannot be read. */
export interface Factor extends Resident {
  /** Tells it from a polynomial. */
  readonly kind: 'factor';
}

/** Σ a·b over the terms, plus polynomials, place by place. */
export interface ProductSum {
  /** Of N places each; none at all is 0. */
  readonly terms: readonly (readonly [a: Polynomial, b: Factor])[];
  /** Of N places each. */
  readonly plus?: readonly Polynomial[];
}

/** A product sum whose places are summed in runs, plus traces. */
export interface TraceSum extends ProductSum {
  /** Of as many places as there are runs. */
  readonly traces?: readonly Polynomial[];
}

/** One polynomial for each item of a batch. */
export type Polynomials<Batch extends readonly unknown[]> = { -readonly [Item in keyof Batch]: Polynomial };
/** One factor for each item of a batch. */
export type Factors<Batch extends readonly unknown[]> = { -readonly [Item in keyof Batch]: Factor };

/**
 * Exact arithmetic in one ring, on operands that stay with the backend. Every operation takes a batch and works on all
 * primes at once. It is queued: handles come back at once, only `read` waits, and it fails where an operation that it
 * needs has failed. Transforms are negacyclic number-theoretic ones in Microsoft SEAL's order: natural order in,
 * bit-reversed order out, at powers of the smallest primitive root of unity of order 2·N. All backends give equal residues.
 * @throws RangeError for handles of another ring or backend, released ones, and operands of other lengths than stated
 */
export interface RingArithmetic {
  /** Degree and primes. */
  readonly shape: RingShape;
  /** Residues as they are, transformed ones as a rule; any power of two from 2 to N per prime. Each must be below its prime. */
  load<const Batch extends readonly Residues[]>(batch: Batch): Polynomials<Batch>;
  /** Uniform residues from 16 random bytes each (u128 little-endian modulo q; bias below 2^-67), prime by prime. */
  uniform<const Batch extends readonly Uint8Array[]>(random: Batch): Polynomials<Batch>;
  /** Transforms of polynomials with N small signed coefficients. */
  transformSigned<const Batch extends readonly Int32Array[]>(coefficients: Batch): Polynomials<Batch>;
  /**
   * Transforms of polynomials with signed 128-bit coefficients (two's complement, little-endian, two u64 each); any power
   * of two from 2 to N of them.
   */
  transformWide<const Batch extends readonly BigUint64Array[]>(coefficients: Batch): Polynomials<Batch>;
  /** Coefficients in natural order: undoes a transform. */
  invert<const Batch extends readonly Polynomial[]>(transformed: Batch): Polynomials<Batch>;
  /** Polynomials of N places as second factors. */
  factors<const Batch extends readonly Polynomial[]>(polynomials: Batch): Factors<Batch>;
  /** Σ a·b + …, place by place: one polynomial of N places for each sum. */
  sumProducts<const Batch extends readonly ProductSum[]>(sums: Batch): Polynomials<Batch>;
  /** Sums over runs of `block` places: N / block places each. */
  sumBlocks<const Batch extends readonly TraceSum[]>(sums: Batch, block: number): Polynomials<Batch>;
  /** The residues, once they are there. */
  read<const Batch extends readonly Polynomial[]>(
    polynomials: Batch,
  ): Promise<{ -readonly [Item in keyof Batch]: Residues }>;
}

/** What computes on polynomials: WebAssembly here, a graphics processor elsewhere. */
export interface HeBackend {
  /** As in the registry. */
  readonly name: string;
  /**
   * The arithmetic of a ring; the same object for the same numbers.
   * @throws TrainingError VT7410 where it cannot be loaded
   */
  open(shape: RingShape): Promise<RingArithmetic>;
}
