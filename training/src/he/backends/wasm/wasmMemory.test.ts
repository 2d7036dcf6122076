import { expect, it } from 'vitest';
import { loadKernel } from './kernel.js';
import { WasmMemory } from './wasmMemory.js';

it('memory is used again once it is released, by blocks of its size', () => {
  const memory = new WasmMemory(loadKernel());
  const [a, b] = [memory.allocate('polynomial', 8, 64), memory.allocate('polynomial', 8, 64)];
  a.release();
  a.release();
  expect(memory.allocate('polynomial', 16, 128).pointer).toBeGreaterThan(b.pointer);
  expect(memory.allocate('factor', 8, 64).pointer).toBe(a.pointer);
  expect(memory.allocate('factor', 8, 64).pointer).not.toBe(a.pointer);
});

it('memory grows as it is needed, and keeps what is in it', () => {
  const memory = new WasmMemory(loadKernel());
  const first = memory.allocate('polynomial', 8, 64);
  memory.residuesAt(first.pointer, 8).fill(7n);
  const large = memory.allocate('polynomial', 2 ** 17, 2 ** 20);
  memory.residuesAt(large.pointer, 2 ** 17).fill(1n);
  expect(memory.residuesAt(first.pointer, 8)).toEqual(new BigUint64Array(8).fill(7n));
});
