import type { HeBackend } from '../ring/backend.js';
import { createWasmBackend } from './wasm/wasmBackend.js';

/** Every backend there is, by name. Adding one is a folder here, a line, and passing `backends.test.ts`. */
export const backends = { wasm: createWasmBackend } satisfies Record<string, () => HeBackend>;
