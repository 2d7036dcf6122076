import type {
  Factor,
  Factors,
  Polynomial,
  Polynomials,
  ProductSum,
  RingArithmetic,
  TraceSum,
} from '../../ring/backend.js';
import type { Residues, RingShape } from '../../ring/residues.js';
import { loadKernel } from './kernel.js';
import { PrimeKernel } from './primeKernel.js';
import { WasmMemory, type WasmHandle } from './wasmMemory.js';

/**
 * A ring on the WebAssembly kernel (`assembly/kernel.ts`), with a memory of its own. Factors are in Montgomery form. Each
 * operation is done when its handle comes back.
 */
export class WasmRing implements RingArithmetic {
  readonly shape: RingShape;
  readonly #degree: number;
  readonly #memory: WasmMemory;
  readonly #primes: readonly PrimeKernel[];
  /** Room for one polynomial of N places, and for the wider input of one. */
  readonly #scratch: number;

  /** @throws TrainingError VT7410 */
  constructor({ ringDegree, primes }: RingShape) {
    this.shape = { ringDegree, primes };
    this.#degree = ringDegree;
    const kernel = loadKernel();
    this.#memory = new WasmMemory(kernel);
    this.#primes = primes.map((q) => new PrimeKernel(kernel, this.#memory, q, ringDegree));
    this.#scratch = this.#memory.reserve(16 * ringDegree);
  }

  load<const Batch extends readonly Residues[]>(batch: Batch): Polynomials<Batch> {
    return this.#each(batch, (residues) => {
      const out = this.#polynomial(this.#lengthOf(residues.length / this.#primes.length));
      this.#memory.residuesAt(out.pointer, residues.length).set(residues);
      return out;
    });
  }

  uniform<const Batch extends readonly Uint8Array[]>(random: Batch): Polynomials<Batch> {
    const size = 16 * this.#degree;
    return this.#each(random, (bytes) => {
      expectLength(bytes.length, size * this.#primes.length);
      const out = this.#polynomial(this.#degree);
      this.#perPrime(out, (prime, pointer, index) => {
        this.#memory.bytesAt(this.#scratch, size).set(bytes.subarray(index * size, (index + 1) * size));
        prime.reduceUnsigned(this.#scratch, pointer, this.#degree);
      });
      return out;
    });
  }

  transformSigned<const Batch extends readonly Int32Array[]>(coefficients: Batch): Polynomials<Batch> {
    return this.#each(coefficients, (small) => {
      expectLength(small.length, this.#degree);
      this.#memory.bytesAt(this.#scratch, small.byteLength).set(bytesIn(small));
      const out = this.#polynomial(small.length);
      this.#perPrime(out, (prime, pointer) => {
        prime.lift(this.#scratch, pointer, small.length);
        prime.transform(pointer, small.length);
      });
      return out;
    });
  }

  transformWide<const Batch extends readonly BigUint64Array[]>(coefficients: Batch): Polynomials<Batch> {
    return this.#each(coefficients, (pairs) => {
      const length = this.#lengthOf(pairs.length / 2);
      this.#memory.bytesAt(this.#scratch, pairs.byteLength).set(bytesIn(pairs));
      const out = this.#polynomial(length);
      this.#perPrime(out, (prime, pointer) => {
        prime.reduceSigned(this.#scratch, pointer, length);
        prime.transform(pointer, length);
      });
      return out;
    });
  }

  invert<const Batch extends readonly Polynomial[]>(transformed: Batch): Polynomials<Batch> {
    return this.#each(transformed, (given) => {
      const { pointer: from, length } = this.#at(given);
      const out = this.#polynomial(length);
      const bytes = 8 * length * this.#primes.length;
      this.#memory.bytesAt(out.pointer, bytes).set(this.#memory.bytesAt(from, bytes));
      this.#perPrime(out, (prime, pointer) => prime.invert(pointer, length));
      return out;
    });
  }

  factors<const Batch extends readonly Polynomial[]>(polynomials: Batch): Factors<Batch> {
    return polynomials.map((given) => {
      const from = this.#at(given, this.#degree).pointer;
      const out = this.#memory.allocate('factor', this.#degree, this.#bytes(this.#degree));
      this.#primes.forEach((prime, index) => {
        const offset = this.#bytesPerPrime(this.#degree) * index;
        prime.toMontgomery(from + offset, out.pointer + offset, this.#degree);
      });
      return out;
    }) as Factors<Batch>;
  }

  sumProducts<const Batch extends readonly ProductSum[]>(sums: Batch): Polynomials<Batch> {
    return this.#each(sums, (sum) => {
      const out = this.#polynomial(this.#degree);
      const pointers = this.#pointersOf(sum);
      this.#perPrime(out, (prime, pointer, index) => this.#accumulate(prime, index, pointers, pointer));
      return out;
    });
  }

  sumBlocks<const Batch extends readonly TraceSum[]>(sums: Batch, block: number): Polynomials<Batch> {
    const length = this.#lengthOf(this.#degree / block);
    return this.#each(sums, (sum) => {
      const out = this.#polynomial(length);
      const pointers = this.#pointersOf(sum);
      const traces = (sum.traces ?? []).map((trace) => this.#at(trace, length).pointer);
      this.#perPrime(out, (prime, pointer, index) => {
        this.#accumulate(prime, index, pointers, this.#scratch);
        prime.blockSums(this.#scratch, pointer, this.#degree, block);
        for (const trace of traces) prime.add(pointer, trace + this.#bytesPerPrime(length) * index, length);
      });
      return out;
    });
  }

  read<const Batch extends readonly Polynomial[]>(
    polynomials: Batch,
  ): Promise<{ -readonly [Item in keyof Batch]: Residues }> {
    const residues = polynomials.map((given) => {
      const { pointer, length } = this.#at(given);
      return this.#memory.residuesAt(pointer, length * this.#primes.length).slice();
    });
    return Promise.resolve(residues as { -readonly [Item in keyof Batch]: Residues });
  }

  /** target = the sum, modulo one prime. */
  #accumulate(prime: PrimeKernel, index: number, { terms, plus }: Pointers, target: number): void {
    const [degree, bytes] = [this.#degree, this.#bytesPerPrime(this.#degree)];
    const offset = bytes * index;
    const out = this.#memory.bytesAt(target, bytes);
    const [first, ...others] = plus;
    if (first === undefined) out.fill(0);
    else out.set(this.#memory.bytesAt(first + offset, bytes));
    for (const pointer of others) prime.add(target, pointer + offset, degree);
    for (const [a, b] of terms) prime.addProduct(target, a + offset, b + offset, degree);
  }

  #pointersOf({ terms, plus = [] }: ProductSum): Pointers {
    return {
      terms: terms.map(([a, b]) => [this.#at(a, this.#degree).pointer, this.#factorAt(b)]),
      plus: plus.map((added) => this.#at(added, this.#degree).pointer),
    };
  }

  #at(given: Polynomial, length = given.length): WasmHandle<'polynomial'> {
    const handle = this.#memory.handleOf('polynomial', given);
    expectLength(handle.length, length);
    return handle;
  }

  #factorAt(given: Factor): number {
    return this.#memory.handleOf('factor', given).pointer;
  }

  #polynomial(length: number): WasmHandle<'polynomial'> {
    return this.#memory.allocate('polynomial', length, this.#bytes(length));
  }

  #perPrime(
    { pointer, length }: WasmHandle<'polynomial'>,
    work: (prime: PrimeKernel, pointer: number, index: number) => void,
  ): void {
    this.#primes.forEach((prime, index) => work(prime, pointer + this.#bytesPerPrime(length) * index, index));
  }

  #each<const Batch extends readonly unknown[]>(
    batch: Batch,
    make: (item: Batch[number]) => Polynomial,
  ): Polynomials<Batch> {
    return batch.map((item) => make(item)) as Polynomials<Batch>;
  }

  #lengthOf(length: number): number {
    if (Number.isInteger(Math.log2(length)) && length >= 2 && length <= this.#degree) return length;
    throw new RangeError(`no polynomial of this ring has ${length} places`);
  }

  #bytesPerPrime(length: number): number {
    return 8 * length;
  }

  #bytes(length: number): number {
    return this.#bytesPerPrime(length) * this.#primes.length;
  }
}

interface Pointers {
  readonly terms: readonly (readonly [a: number, b: number])[];
  readonly plus: readonly number[];
}

function expectLength(found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`${found} elements, expected ${expected}`);
}

function bytesIn({ buffer, byteOffset, byteLength }: Int32Array | BigUint64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
