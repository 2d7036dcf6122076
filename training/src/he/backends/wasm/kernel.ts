import { readFileSync } from 'node:fs';
import { TrainingError } from '../../../errors.js';

/** The few names of the platform's WebAssembly that are used here; Node's types leave them to the DOM's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Functions of `assembly/kernel.ts`: pointers are byte offsets, counts are in elements. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  transform(data: number, count: number, roots: number, quotients: number, q: bigint): void;
  invert(
    data: number,
    count: number,
    roots: number,
    quotients: number,
    q: bigint,
    inverse: bigint,
    scale: bigint,
  ): void;
  lift(small: number, out: number, count: number, q: bigint): void;
  reducePairs(
    pairs: number,
    out: number,
    count: number,
    q: bigint,
    inverse: bigint,
    one: bigint,
    square: bigint,
    correction: bigint,
  ): void;
  toMontgomery(data: number, out: number, count: number, q: bigint, inverse: bigint, square: bigint): void;
  addProduct(sum: number, a: number, b: number, count: number, q: bigint, inverse: bigint): void;
  add(sum: number, a: number, count: number, q: bigint): void;
  blockSums(a: number, out: number, count: number, block: number, q: bigint): void;
}

/** A kernel with a memory of its own. @throws TrainingError VT7410 */
export function loadKernel(): Kernel {
  // Built by this package's build step; the same place for src/ and dist/.
  const file = new URL('../../../../dist/kernel.wasm', import.meta.url);
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));
    return instance.exports as Kernel;
  } catch (cause) {
    throw new TrainingError('VT7410', 'the arithmetic kernel (dist/kernel.wasm) cannot be loaded', {}, cause);
  }
}
