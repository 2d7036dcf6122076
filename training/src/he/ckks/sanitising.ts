import { Drbg } from '../../drbg.js';
import type { Polynomial, ProductSum } from '../ring/backend.js';
import type { Residues } from '../ring/residues.js';
import { sampleNoise, sampleTernary, sampleWide } from '../ring/sample.js';
import { withScope } from '../ring/scope.js';
import type { PublicKey } from './keys.js';
import type { Scheme } from './scheme.js';

/** A ciphertext as a host sends it: of the first part nothing but its trace, the sums over runs of `block` residues. */
export interface TraceCiphertext {
  readonly trace: Residues;
  readonly second: Residues;
}

/** What a host would say if nobody had to be kept from its plaintexts. */
export interface HostResult {
  readonly first: ProductSum;
  readonly second: ProductSum['terms'];
  /** Traces that are added in clear. */
  readonly traces: readonly Polynomial[];
}

/**
 * Makes a host's result fit to be sent. Every reply goes through here.
 *
 * Without it, second-out ÷ second-in is the host's matrix. So, from a generator that `seed` keys: an encryption of zero
 * under the public key is added (u·pk + e: second-out is as good as random to the model owner too); the first part is
 * reduced to its trace, so that no partial sum ever leaves; and the trace carries uniform noise of `floodBits`, which drowns
 * the noise of the product. One seed must never serve two results.
 */
export function sanitise(
  { parameters, ring }: Pick<Scheme, 'parameters' | 'ring'>,
  publicKey: PublicKey,
  seed: Uint8Array,
  block: number,
  result: HostResult,
): Promise<TraceCiphertext> {
  const { ringDegree, floodBits } = parameters;
  const drbg = new Drbg(seed);
  const blinding = sampleTernary(drbg, ringDegree);
  const noise = sampleNoise(drbg, ringDegree);
  // A coefficient of the trace's polynomial counts `block` times in every sum.
  const flood = sampleWide(drbg, ringDegree / block, floodBits, Math.log2(block));
  return withScope(async (hold) => {
    const [u, e] = hold(ring.transformSigned([blinding, noise]));
    const [flooding] = hold(ring.transformWide([flood]));
    const first = {
      ...result.first,
      terms: [...result.first.terms, [u, publicKey.first] as const],
      traces: [...result.traces, flooding],
    };
    const second = { terms: [...result.second, [u, publicKey.second] as const], plus: [e] };
    const [trace] = hold(ring.sumBlocks([first], block));
    const [whole] = hold(ring.sumProducts([second]));
    const [traceResidues, secondResidues] = await ring.read([trace, whole]);
    return { trace: traceResidues, second: secondResidues };
  });
}
