import { readFileSync } from 'node:fs';
import { TrainingError } from '../errors.js';
import { minimalRoot, rootTable } from './modular.js';
import type { CkksParameters } from './parameters.js';

/** Residues of one polynomial modulo one prime, in [0, q), in SEAL's transformed order unless said otherwise. */
export type Residues = BigUint64Array<ArrayBuffer>;

/** The few names of the platform's WebAssembly that are used here; Node's types leave them to the DOM's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  transform(data: number, count: number, roots: number, quotients: number, q: bigint): void;
  lift(small: number, out: number, count: number, q: bigint): void;
  reducePairs(
    pairs: number,
    out: number,
    count: number,
    q: bigint,
    inverse: bigint,
    one: bigint,
    square: bigint,
  ): void;
  toMontgomery(data: number, count: number, q: bigint, inverse: bigint, square: bigint): void;
  addProduct(sum: number, a: number, b: number, count: number, q: bigint, inverse: bigint): void;
  productBlockSums(
    a: number,
    b: number,
    out: number,
    count: number,
    block: number,
    q: bigint,
    inverse: bigint,
  ): void;
  inRange(data: number, count: number, q: bigint): number;
}

/** The arithmetic of one prime, on the WebAssembly kernel (`assembly/kernel.ts`). */
export class PrimeKernel {
  readonly q: bigint;
  readonly degree: number;
  readonly #wasm: KernelExports;
  readonly #inverse: bigint;
  readonly #one: bigint;
  readonly #square: bigint;
  readonly #roots: number;
  readonly #quotients: number;
  readonly #buffers: readonly [number, number, number, number];

  constructor(wasm: KernelExports, q: bigint, degree: number, base: number) {
    this.#wasm = wasm;
    this.q = q;
    this.degree = degree;
    this.#inverse = BigInt.asUintN(64, inverseOfOdd(q));
    this.#one = (1n << 64n) % q;
    this.#square = (1n << 128n) % q;
    const size = degree * 8;
    this.#roots = base;
    this.#quotients = base + size;
    this.#buffers = [base + 2 * size, base + 3 * size, base + 4 * size, base + 5 * size];
    const roots = rootTable(minimalRoot(q, degree), degree, q);
    this.#store(this.#roots, BigUint64Array.from(roots));
    this.#store(
      this.#quotients,
      BigUint64Array.from(roots, (root) => (root << 64n) / q),
    );
  }

  /** Bytes of memory that one instance uses. */
  static bytes(degree: number): number {
    return 6 * 8 * degree;
  }

  /** Transform of a polynomial in natural order. */
  transform(coefficients: Residues): Residues {
    const [a] = this.#buffers;
    this.#store(a, coefficients);
    this.#wasm.transform(a, this.degree, this.#roots, this.#quotients, this.q);
    return this.#load(a, this.degree);
  }

  /** Transform of a polynomial with small signed coefficients. */
  transformSigned(coefficients: Int32Array): Residues {
    const [a, b] = this.#buffers;
    new Int32Array(this.#wasm.memory.buffer, b, this.degree).set(coefficients);
    this.#wasm.lift(b, a, this.degree, this.q);
    this.#wasm.transform(a, this.degree, this.#roots, this.#quotients, this.q);
    return this.#load(a, this.degree);
  }

  /** Uniform residues from 16 random bytes each; the bias is below 2^-67. */
  uniform(random: Uint8Array): Residues {
    const [a, b] = this.#buffers;
    // The pairs fill two buffers: b and the one behind it.
    new Uint8Array(this.#wasm.memory.buffer, b, 16 * this.degree).set(random);
    this.#wasm.reducePairs(b, a, this.degree, this.q, this.#inverse, this.#one, this.#square);
    return this.#load(a, this.degree);
  }

  /** The second factor of products wants this form: times 2^64 mod q. */
  toMontgomery(residues: Residues): Residues {
    const [a] = this.#buffers;
    this.#store(a, residues);
    this.#wasm.toMontgomery(a, this.degree, this.q, this.#inverse, this.#square);
    return this.#load(a, this.degree);
  }

  /** sum + Σ a·b over the pairs, residue by residue; each b in Montgomery form. */
  addProducts(sum: Residues, ...pairs: readonly (readonly [a: Residues, b: Residues])[]): Residues {
    const [out, left, right] = this.#buffers;
    this.#store(out, sum);
    for (const [a, b] of pairs) {
      this.#store(left, a);
      this.#store(right, b);
      this.#wasm.addProduct(out, left, right, this.degree, this.q, this.#inverse);
    }
    return this.#load(out, this.degree);
  }

  /** a + b. */
  add(a: Residues, b: Residues): Residues {
    const { q } = this;
    return a.map((value, index) => {
      const sum = value + (b[index] ?? 0n);
      return sum >= q ? sum - q : sum;
    });
  }

  /** Sums of a·b over runs of `block` residues; b in Montgomery form. */
  productBlockSums(a: Residues, b: Residues, block: number): Residues {
    const [out, left, right] = this.#buffers;
    this.#store(left, a);
    this.#store(right, b);
    this.#wasm.productBlockSums(left, right, out, this.degree, block, this.q, this.#inverse);
    return this.#load(out, this.degree / block);
  }

  /** Whether every number is below q. Any length up to the degree. */
  inRange(residues: Residues): boolean {
    const [a] = this.#buffers;
    this.#store(a, residues);
    return this.#wasm.inRange(a, residues.length, this.q) === 1;
  }

  #store(pointer: number, residues: Residues): void {
    new BigUint64Array(this.#wasm.memory.buffer, pointer, residues.length).set(residues);
  }

  #load(pointer: number, count: number): Residues {
    return new BigUint64Array(this.#wasm.memory.buffer, pointer, count).slice();
  }
}

const kernels = new Map<string, readonly PrimeKernel[]>();

/** One kernel per prime of a parameter set, made once per process. @throws TrainingError VT7410 */
export function kernelsOf(parameters: CkksParameters): readonly PrimeKernel[] {
  const known = kernels.get(parameters.name);
  if (known !== undefined) return known;
  const made = makeKernels(parameters);
  kernels.set(parameters.name, made);
  return made;
}

function makeKernels({ ringDegree, primes }: CkksParameters): readonly PrimeKernel[] {
  const wasm = instantiate();
  // The compiled code keeps nothing of its own in memory, so all of it is ours.
  const wanted = primes.length * PrimeKernel.bytes(ringDegree);
  const missing = wanted - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536));
  return primes.map(
    (q, index) => new PrimeKernel(wasm, q, ringDegree, index * PrimeKernel.bytes(ringDegree)),
  );
}

function instantiate(): KernelExports {
  // Built by this package's build step; the same place for src/ and dist/.
  const file = new URL('../../dist/kernel.wasm', import.meta.url);
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));
    return instance.exports as KernelExports;
  } catch (cause) {
    throw new TrainingError('VT7410', 'the arithmetic kernel (dist/kernel.wasm) cannot be loaded', {}, cause);
  }
}

/** q^-1 mod 2^64 by Newton's iteration. */
function inverseOfOdd(q: bigint): bigint {
  let inverse = q;
  for (let bits = 3; bits < 64; bits *= 2) inverse = BigInt.asUintN(64, inverse * (2n - q * inverse));
  return inverse;
}
