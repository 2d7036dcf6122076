import type {
  Factor,
  Factors,
  HeBackend,
  Polynomial,
  Polynomials,
  ProductSum,
  RingArithmetic,
  TraceSum,
} from '../he/ring/backend.js';
import { inverseOf, minimalRoot, power, rootTable } from '../he/ring/modular.js';
import { byPrime, type Residues, type RingShape } from '../he/ring/residues.js';
import { invertSmall, transformSmall } from './referenceTransforms.js';

/** Residues by prime. */
type Parts = readonly (readonly bigint[])[];

class ReferenceHandle<Kind extends 'polynomial' | 'factor'> {
  isReleased = false;

  constructor(
    readonly kind: Kind,
    readonly parts: Parts,
  ) {}

  get length(): number {
    return this.parts[0]!.length;
  }

  release(): void {
    this.isReleased = true;
  }
}

/** A backend in plain BigInt: slow, and simple enough to be read and believed. All others must give its residues. */
export function createReferenceBackend(): HeBackend {
  return { name: 'reference', open: (shape) => Promise.resolve(new ReferenceRing(shape)) };
}

class ReferenceRing implements RingArithmetic {
  readonly #roots: readonly bigint[];

  constructor(readonly shape: RingShape) {
    this.#roots = shape.primes.map((q) => minimalRoot(q, shape.ringDegree));
  }

  load<const Batch extends readonly Residues[]>(batch: Batch): Polynomials<Batch> {
    return each(batch, (residues) => byPrime(residues, this.shape.primes).map((part) => [...part]));
  }

  uniform<const Batch extends readonly Uint8Array[]>(random: Batch): Polynomials<Batch> {
    const { primes, ringDegree } = this.shape;
    return each(random, (bytes) => {
      const words = new BigUint64Array(bytes.slice().buffer);
      return primes.map((q, prime) =>
        Array.from({ length: ringDegree }, (_, place) => {
          const index = 2 * (prime * ringDegree + place);
          return (words[index]! + (words[index + 1]! << 64n)) % q;
        }),
      );
    });
  }

  transformSigned<const Batch extends readonly Int32Array[]>(coefficients: Batch): Polynomials<Batch> {
    return each(coefficients, (small) => this.#transform(Array.from(small, BigInt)));
  }

  transformWide<const Batch extends readonly BigUint64Array[]>(coefficients: Batch): Polynomials<Batch> {
    return each(coefficients, (pairs) =>
      this.#transform(
        Array.from({ length: pairs.length / 2 }, (_, place) =>
          BigInt.asIntN(128, pairs[2 * place]! | (pairs[2 * place + 1]! << 64n)),
        ),
      ),
    );
  }

  invert<const Batch extends readonly Polynomial[]>(transformed: Batch): Polynomials<Batch> {
    return each(transformed, (given) => {
      const parts = partsOf(given);
      return this.shape.primes.map((q, prime) => {
        const root = inverseOf(this.#roots[prime]!, q);
        return invertSmall(parts[prime]!, this.#table(root, q, given.length), q);
      });
    });
  }

  factors<const Batch extends readonly Polynomial[]>(polynomials: Batch): Factors<Batch> {
    return polynomials.map((given) => new ReferenceHandle('factor', partsOf(given))) as Factors<Batch>;
  }

  sumProducts<const Batch extends readonly ProductSum[]>(sums: Batch): Polynomials<Batch> {
    return each(sums, (sum) => this.#sum(sum));
  }

  sumBlocks<const Batch extends readonly TraceSum[]>(sums: Batch, block: number): Polynomials<Batch> {
    return each(sums, (sum) => {
      const { traces = [] } = sum;
      const whole = this.#sum(sum);
      return this.shape.primes.map((q, prime) =>
        Array.from({ length: this.shape.ringDegree / block }, (_, run) => {
          const own = whole[prime]!.slice(run * block, (run + 1) * block);
          const added = traces.map((trace) => partsOf(trace)[prime]![run]!);
          return [...own, ...added].reduce((total, value) => (total + value) % q, 0n);
        }),
      );
    });
  }

  read<const Batch extends readonly Polynomial[]>(
    polynomials: Batch,
  ): Promise<{ -readonly [Item in keyof Batch]: Residues }> {
    const residues = polynomials.map((given) => BigUint64Array.from(partsOf(given).flat()));
    return Promise.resolve(residues as { -readonly [Item in keyof Batch]: Residues });
  }

  #sum({ terms, plus = [] }: ProductSum): Parts {
    return this.shape.primes.map((q, prime) =>
      Array.from({ length: this.shape.ringDegree }, (_, place) => {
        const at = (handle: Polynomial | Factor): bigint => partsOf(handle)[prime]![place]!;
        const products = terms.reduce((total, [a, b]) => total + at(a) * at(b), 0n);
        return (products + plus.reduce((total, added) => total + at(added), 0n)) % q;
      }),
    );
  }

  #transform(coefficients: readonly bigint[]): Parts {
    return this.shape.primes.map((q, prime) =>
      transformSmall(coefficients, this.#table(this.#roots[prime]!, q, coefficients.length), q),
    );
  }

  /** Powers of the root's power whose order is twice the number of places. */
  #table(root: bigint, q: bigint, length: number): bigint[] {
    return rootTable(power(root, BigInt(this.shape.ringDegree / length), q), length, q);
  }
}

function each<const Batch extends readonly unknown[]>(
  batch: Batch,
  make: (item: Batch[number]) => Parts,
): Polynomials<Batch> {
  return batch.map((item) => new ReferenceHandle('polynomial', make(item))) as Polynomials<Batch>;
}

function partsOf(handle: Polynomial | Factor): Parts {
  if (handle instanceof ReferenceHandle && !handle.isReleased) return handle.parts;
  throw new RangeError('no handle of this ring');
}
