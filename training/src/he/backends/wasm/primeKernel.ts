import { inverseOf } from '../../ring/modular.js';
import { transformTables, type TransformTable } from '../../ring/transformTables.js';
import type { Kernel } from './kernel.js';
import type { WasmMemory } from './wasmMemory.js';

interface Table {
  readonly roots: number;
  readonly quotients: number;
}

/** The kernel's functions modulo one prime: its constants and tables in front of the pointers. */
export class PrimeKernel {
  readonly q: bigint;
  readonly #kernel: Kernel;
  readonly #inverse: bigint;
  /** 2^64 and 2^128 modulo q. */
  readonly #one: bigint;
  readonly #square: bigint;
  readonly #forward: Table;
  readonly #backward: Table;
  readonly #scales = new Map<number, bigint>();

  /** @throws RangeError for a prime from 2^60 on: the kernel's lanes would overflow */
  constructor(kernel: Kernel, memory: WasmMemory, q: bigint, degree: number) {
    if (q >= 1n << 60n) throw new RangeError(`the kernel takes primes below 2^60, not ${q}`);
    this.#kernel = kernel;
    this.q = q;
    this.#inverse = inverseOfOdd(q);
    this.#one = (1n << 64n) % q;
    this.#square = (1n << 128n) % q;
    const { forward, backward } = transformTables(q, degree);
    this.#forward = stored(memory, forward);
    this.#backward = stored(memory, backward);
  }

  transform(data: number, count: number): void {
    this.#kernel.transform(data, count, this.#forward.roots, this.#forward.quotients, this.q);
  }

  invert(data: number, count: number): void {
    const { roots, quotients } = this.#backward;
    this.#kernel.invert(data, count, roots, quotients, this.q, this.#inverse, this.#scaleOf(count));
  }

  /** 2^64 / count modulo q. */
  #scaleOf(count: number): bigint {
    const known = this.#scales.get(count);
    if (known !== undefined) return known;
    const scale = (this.#one * inverseOf(BigInt(count), this.q)) % this.q;
    this.#scales.set(count, scale);
    return scale;
  }

  lift(small: number, out: number, count: number): void {
    this.#kernel.lift(small, out, count, this.q);
  }

  reduceUnsigned(pairs: number, out: number, count: number): void {
    this.#reducePairs(pairs, out, count, 0n);
  }

  reduceSigned(pairs: number, out: number, count: number): void {
    this.#reducePairs(pairs, out, count, this.q - this.#square);
  }

  #reducePairs(pairs: number, out: number, count: number, correction: bigint): void {
    const [q, inverse] = [this.q, this.#inverse];
    this.#kernel.reducePairs(pairs, out, count, q, inverse, this.#one, this.#square, correction);
  }

  toMontgomery(data: number, out: number, count: number): void {
    this.#kernel.toMontgomery(data, out, count, this.q, this.#inverse, this.#square);
  }

  addProduct(sum: number, a: number, b: number, count: number): void {
    this.#kernel.addProduct(sum, a, b, count, this.q, this.#inverse);
  }

  add(sum: number, a: number, count: number): void {
    this.#kernel.add(sum, a, count, this.q);
  }

  blockSums(a: number, out: number, count: number, block: number): void {
    this.#kernel.blockSums(a, out, count, block, this.q);
  }
}

function stored(memory: WasmMemory, { roots, quotients }: TransformTable): Table {
  const store = (values: BigUint64Array): number => {
    const pointer = memory.reserve(values.byteLength);
    memory.residuesAt(pointer, values.length).set(values);
    return pointer;
  };
  return { roots: store(roots), quotients: store(quotients) };
}

/** q^-1 mod 2^64 by Newton's iteration. */
function inverseOfOdd(q: bigint): bigint {
  let inverse = q;
  for (let bits = 3; bits < 64; bits *= 2) inverse = BigInt.asUintN(64, inverse * (2n - q * inverse));
  return BigInt.asUintN(64, inverse);
}
