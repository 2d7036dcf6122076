import { backends } from '../he/backends/registry.js';
import type { HeBackend } from '../he/ring/backend.js';
import { linearParameters } from '../he/ckks/parameters.js';
import { openScheme } from '../he/ckks/scheme.js';

let made: HeBackend | undefined;

/** For callers that bring no backend: one on WebAssembly, made when it is first needed. */
export function defaultBackend(): HeBackend {
  made ??= backends.wasm();
  return made;
}

/**
 * Loads the encryption, a third of a second of processor time, before a program is known. It may be left out and repeated.
 * @throws TrainingError VT7410
 */
export async function loadEncryption(): Promise<void> {
  await openScheme(linearParameters, defaultBackend());
}
