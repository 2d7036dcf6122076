import { Drbg } from '../../drbg.js';
import type { Factor, Polynomial, ProductSum, TraceSum } from '../ring/backend.js';
import type { Residues } from '../ring/residues.js';
import { sampleNoise, sampleSigned, sampleTernary, sampleWide } from '../ring/sample.js';
import { withScope } from '../ring/scope.js';
import type { PublicKey } from './keys.js';
import type { CkksParameters } from './parameters.js';
import type { Scheme } from './scheme.js';

/** A ciphertext as a host sends it: of the first part nothing but its trace, the sums over runs of `block` residues. */
export interface TraceCiphertext {
  readonly trace: Residues;
  readonly second: Residues;
}

/** The same of a product of two ciphertexts: it decrypts to trace + second · s + third · s², summed in runs. */
export interface ProductTrace extends TraceCiphertext {
  readonly third: Residues;
}

type Terms = ProductSum['terms'];

/** What a host would say if nobody had to be kept from its plaintexts. */
export interface HostResult {
  readonly first: ProductSum;
  readonly second: Terms;
  /** Traces that are added in clear. */
  readonly traces: readonly Polynomial[];
  /** What hides the trace until all replies of its batch are added up; nothing without a batch. */
  readonly mask?: Residues | undefined;
}

type Ring = Pick<Scheme, 'parameters' | 'ring'>;

/**
 * Makes a host's result fit to be sent. Every reply goes through here.
 *
 * Without it, second-out ÷ second-in is the host's matrix. So, from a generator that `seed` keys: an encryption of zero
 * under the public key is added (u·pk + e: second-out is as good as random to the model owner too); the first part is
 * reduced to its trace, so that no partial sum ever leaves; and the trace carries uniform noise of `floodBits`, which drowns
 * the noise of the product. One seed must never serve two results.
 *
 * Where the result has a mask, uniform in all that is sent of the first part, the trace says nothing by itself; the second part
 * never does, to whoever knows no trace.
 */
export async function sanitise(
  scheme: Ring,
  publicKey: PublicKey,
  seed: Uint8Array,
  block: number,
  { first, second, traces, mask }: HostResult,
): Promise<TraceCiphertext> {
  const [trace, whole] = await sanitiseParts(scheme, publicKey, seed, block, {
    first: { ...first, traces },
    others: [second],
    mask,
  });
  return { trace, second: whole };
}

/**
 * The same for a product of two ciphertexts, whose three parts are never relinearised. The key's holder would divide the third by
 * what it sent, and have the ciphertext that it was multiplied with. So an encryption of zero is added once to the first two
 * parts, and another one, of randomness of its own, to the last two: times s it is one of zero, too.
 */
export async function sanitiseProduct(
  scheme: Ring,
  publicKey: PublicKey,
  seed: Uint8Array,
  block: number,
  [first, second, third]: ProductTerms,
): Promise<ProductTrace> {
  const parts = { first: { terms: first }, others: [second, third] as const };
  const [trace, ...wholes] = await sanitiseParts(scheme, publicKey, seed, block, parts);
  return { trace, second: wholes[0], third: wholes[1] };
}

/** Terms of the three parts of a product of ciphertexts, or of a sum of products. */
export type ProductTerms = readonly [first: Terms, second: Terms, third: Terms];

/**
 * part[k] + u[k]·pk.second + e[k] + u[k + 1]·pk.first, k from 0, without u[0] and e[0], and with flooding in part 0. It decrypts
 * (part[k] times s^k) to the result and noise. From the first on, u[k]·pk.second + e[k] is as good as random, pk.second being nobody's
 * choice. That of pk.first is the model owner's: beside a key that it made to read u[0], the trace tells as many bits of u[0] as stand
 * above the flooding, and u has to keep enough.
 */
function sanitiseParts<const Others extends readonly Terms[]>(
  { parameters, ring }: Ring,
  publicKey: PublicKey,
  seed: Uint8Array,
  block: number,
  {
    first,
    others,
    mask,
  }: { readonly first: TraceSum; readonly others: Others; readonly mask?: Residues | undefined },
): Promise<readonly [trace: Residues, ...{ -readonly [Part in keyof Others]: Residues }]> {
  const { ringDegree, floodBits } = parameters;
  const drbg = new Drbg(seed);
  const drawn = others.flatMap(() => [sampleRandomiser(drbg, parameters), sampleNoise(drbg, ringDegree)]);
  // A coefficient of the trace's polynomial counts `block` times in every sum.
  const flood = sampleWide(drbg, ringDegree / block, floodBits, Math.log2(block));
  return withScope(async (hold) => {
    const random = hold(ring.transformSigned(drawn));
    const [flooding] = hold(ring.transformWide([flood]));
    const masks = hold(ring.load(mask === undefined ? [] : [mask]));
    const times = (k: number, factor: Factor): Terms =>
      random.slice(2 * k, 2 * k + 1).map((u) => [u, factor]);
    const trace = {
      ...first,
      terms: [...first.terms, ...times(0, publicKey.first)],
      traces: [...(first.traces ?? []), flooding, ...masks],
    };
    const wholes = others.map((terms, k) => ({
      terms: [...terms, ...times(k, publicKey.second), ...times(k + 1, publicKey.first)],
      plus: random.slice(2 * k + 1, 2 * k + 2),
    }));
    const sums = [...hold(ring.sumBlocks([trace], block)), ...hold(ring.sumProducts(wholes))];
    return (await ring.read(sums)) as [Residues, ...{ -readonly [Part in keyof Others]: Residues }];
  });
}

function sampleRandomiser(drbg: Drbg, { ringDegree, randomiserBits }: CkksParameters): Int32Array {
  return randomiserBits === undefined
    ? sampleTernary(drbg, ringDegree)
    : sampleSigned(drbg, ringDegree, randomiserBits);
}
