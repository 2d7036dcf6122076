import type { HeBackend, RingArithmetic } from '../ring/backend.js';
import { loadEncoder, type Encode } from './encoder.js';
import type { CkksParameters } from './parameters.js';

/** A parameter set, ready to compute with. */
export interface Scheme {
  readonly parameters: CkksParameters;
  readonly ring: RingArithmetic;
  readonly encode: Encode;
}

/** @throws TrainingError VT7410 where the backend, or SEAL's encoder, cannot be loaded or refuses the parameters */
export async function openScheme(parameters: CkksParameters, backend: HeBackend): Promise<Scheme> {
  const [ring, encode] = await Promise.all([backend.open(parameters), loadEncoder(parameters)]);
  return { parameters, ring, encode };
}
