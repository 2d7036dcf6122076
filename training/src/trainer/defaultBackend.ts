import { backends } from '../he/backends/registry.js';
import type { HeBackend } from '../he/ring/backend.js';

let made: HeBackend | undefined;

/** For callers that bring no backend: one on WebAssembly, made when it is first needed. */
export function defaultBackend(): HeBackend {
  made ??= backends.wasm();
  return made;
}
