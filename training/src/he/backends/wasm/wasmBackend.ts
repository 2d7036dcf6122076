import type { HeBackend } from '../../ring/backend.js';
import type { RingShape } from '../../ring/residues.js';
import { WasmRing } from './wasmRing.js';

/** The WebAssembly kernel as a backend: one thread, every machine that runs Node. Rings are made on first use. */
export function createWasmBackend(): HeBackend {
  const rings = new Map<string, WasmRing>();
  return {
    name: 'wasm',
    open: (shape) =>
      Promise.resolve().then(() => {
        const key = keyOf(shape);
        const ring = rings.get(key) ?? new WasmRing(shape);
        rings.set(key, ring);
        return ring;
      }),
  };
}

/** Everything that a ring is made of, so no two share a key. */
function keyOf({ ringDegree, primes }: RingShape): string {
  return [ringDegree, ...primes].join();
}
