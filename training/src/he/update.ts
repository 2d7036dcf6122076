import { macParts } from '../canonical.js';
import { coupleHash, readFrame, writeFrame, type FrameHeader } from '../messages/frame.js';
import { Drbg } from '../drbg.js';
import type { EncodedMap } from './hostMap.js';
import { kernelsOf, type Residues } from './kernel.js';
import { at, type PublicKey, type SecretKey } from './keys.js';
import type { ModelCiphertext, RoundContext } from './modelCiphertext.js';
import { parametersHash, type CkksParameters } from './parameters.js';
import { readResidues } from './residues.js';
import { sampleNoise, sampleTernary, sampleWide } from './sample.js';
import { decodeTrace, type DecodedTrace } from './traceSlots.js';
import { traceRingOf } from './traceRing.js';

/** Which update of a round. */
export interface UpdateContext extends RoundContext {
  readonly subset: number;
}

function updateHeader(parameters: CkksParameters, update: UpdateContext): FrameHeader {
  return {
    kind: 'encryptedUpdate',
    features: update.features,
    ringDegree: parameters.ringDegree,
    primes: parameters.primes.length,
    scaleBits: parameters.modelScaleBits + parameters.matrixScaleBits,
    attempt: update.attempt,
    subset: update.subset,
    parameters: parametersHash(parameters),
    couple: coupleHash(update),
  };
}

/**
 * A host's reply: the encryption of M·w + c, sanitised.
 *
 * Without sanitising, second-out ÷ second-in is the host's matrix. So, from a generator that `seed` keys:
 * an encryption of zero under the public key is added (u·pk + e: second-out is as good as random to the model owner
 * too); the first part is reduced to its trace, the 2·D block sums that carry M·w + c, so that no partial sum
 * ever leaves; and the trace carries uniform noise of `floodBits`, which drowns the noise of the product.
 */
export function evaluateUpdate(
  parameters: CkksParameters,
  input: {
    readonly map: EncodedMap;
    readonly model: ModelCiphertext;
    readonly publicKey: PublicKey;
    readonly seed: Uint8Array;
  },
  context: UpdateContext,
): Uint8Array {
  const { map, model, publicKey } = input;
  const ring = traceRingOf(parameters, context.features);
  // Whatever encodes the map otherwise (another processor, another version) must not repeat this stream beside it.
  const drbg = new Drbg(macParts(input.seed, 'veritrain/reply-randomness/1', map.hash));
  const blinding = sampleTernary(drbg, parameters.ringDegree);
  const noise = sampleNoise(drbg, parameters.ringDegree);
  const flood = ring.traceOf(sampleWide(drbg, ring.size, parameters.floodBits));
  const traces: Residues[] = [];
  const seconds: Residues[] = [];
  kernelsOf(parameters).forEach((kernel, index) => {
    const u = kernel.transformSigned(blinding);
    const product = kernel.productBlockSums(at(model.first, index), at(map.matrix, index), ring.block);
    const masked = kernel.productBlockSums(u, at(publicKey.first, index), ring.block);
    traces.push(
      product.map((sum, k) => {
        const added = (masked[k] ?? 0n) + (map.offset[index]?.[k] ?? 0n) + (flood[index]?.[k] ?? 0n);
        return (sum + added) % kernel.q;
      }),
    );
    seconds.push(
      kernel.addProducts(
        kernel.transformSigned(noise),
        [at(model.second, index), at(map.matrix, index)],
        [u, at(publicKey.second, index)],
      ),
    );
  });
  return writeFrame(updateHeader(parameters, context), [...traces, ...seconds]);
}

/** Checks an update's form. @throws TrainingError VT7401 to VT7408 */
export function readUpdate(
  parameters: CkksParameters,
  bytes: Uint8Array,
  context: UpdateContext,
): { traces: Residues[]; seconds: Residues[] } {
  const kernels = kernelsOf(parameters);
  const { size } = traceRingOf(parameters, context.features);
  const { ringDegree, primes } = parameters;
  const body = readFrame(bytes, updateHeader(parameters, context), 8 * (size + ringDegree) * primes.length);
  return {
    traces: readResidues(body, kernels, size),
    seconds: readResidues(body.subarray(8 * size * primes.length), kernels, ringDegree),
  };
}

/** Decrypts an update to its D sums. @throws TrainingError VT7401 to VT7408 */
export function decryptUpdate(
  parameters: CkksParameters,
  secretKey: SecretKey,
  bytes: Uint8Array,
  context: UpdateContext,
): DecodedTrace {
  const { traces, seconds } = readUpdate(parameters, bytes, context);
  const ring = traceRingOf(parameters, context.features);
  const values = kernelsOf(parameters).map((kernel, index) => {
    // second · (−s) is subtracted: the trace of first + second · s.
    const product = kernel.productBlockSums(at(seconds, index), at(secretKey.negated, index), ring.block);
    return Array.from(at(traces, index), (sum, k) => (sum + kernel.q - (product[k] ?? 0n)) % kernel.q);
  });
  const scaleBits = parameters.modelScaleBits + parameters.matrixScaleBits;
  return decodeTrace(ring.coefficientsOf(values), ring.block, scaleBits);
}
