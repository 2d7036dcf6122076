import { inverseOf, invertSmall, minimalRoot, power, rootTable, transformSmall } from './modular.js';
import { blockSize, slotPeriod, type CkksParameters } from './parameters.js';

interface PrimeTables {
  readonly q: bigint;
  readonly roots: readonly bigint[];
  readonly inverses: readonly bigint[];
  /** 1/block modulo q, lifted to the product of the primes (Chinese remainder). */
  readonly lift: bigint;
}

/**
 * The ring of traces. Summing residues over runs of `block` maps the big ring onto polynomials in X^block with 2·D
 * coefficients, whose D slots are the sums of the big ring's slots of one residue class modulo D. All that an
 * update has to say is in there.
 */
export class TraceRing {
  /** 2·D. */
  readonly size: number;
  readonly block: number;
  readonly #modulus: bigint;
  readonly #primes: readonly PrimeTables[];

  constructor(parameters: CkksParameters, features: number) {
    this.size = 2 * slotPeriod(features);
    this.block = blockSize(parameters, features);
    const modulus = parameters.primes.reduce((product, q) => product * q, 1n);
    this.#modulus = modulus;
    this.#primes = parameters.primes.map((q) => {
      const root = power(minimalRoot(q, parameters.ringDegree), BigInt(this.block), q);
      const roots = rootTable(root, this.size, q);
      const others = modulus / q;
      const lift = others * inverseOf(others, q) * inverseOf(BigInt(this.block), q);
      return { q, roots, inverses: roots.map((value) => inverseOf(value, q)), lift };
    });
  }

  /** Values, per prime, of the trace of a polynomial whose coefficients at multiples of `block` are these. */
  traceOf(coefficients: readonly bigint[]): bigint[][] {
    const scaled = coefficients.map((value) => value * BigInt(this.block));
    return this.#primes.map(({ q, roots }) => transformSmall(scaled, roots, q));
  }

  /** The inverse of {@link traceOf}: coefficients, centred modulo the product of the primes. */
  coefficientsOf(values: readonly (readonly bigint[])[]): bigint[] {
    const modulus = this.#modulus;
    const sums = Array.from({ length: this.size }, () => 0n);
    this.#primes.forEach(({ q, inverses, lift }, index) => {
      invertSmall(values[index] ?? [], inverses, q).forEach((value, k) => {
        sums[k] = ((sums[k] ?? 0n) + value * lift) % modulus;
      });
    });
    return sums.map((value) => (value > modulus / 2n ? value - modulus : value));
  }
}

const rings = new Map<string, TraceRing>();

/** The trace ring for a number of features, made once per process. */
export function traceRingOf(parameters: CkksParameters, features: number): TraceRing {
  const key = `${parameters.name}/${slotPeriod(features)}`;
  const known = rings.get(key) ?? new TraceRing(parameters, features);
  rings.set(key, known);
  return known;
}
