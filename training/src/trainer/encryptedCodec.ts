import { makeKeyPair } from '../he/ckks/keys.js';
import { largestNoise, largestSetupNoise } from '../he/ckks/noise.js';
import type { CkksParameters } from '../he/ckks/parameters.js';
import { openScheme } from '../he/ckks/scheme.js';
import { packingOf } from '../he/circuits/packing.js';
import { encryptQuery } from '../he/circuits/query.js';
import { decryptReply, parseReply, type DecryptedReply } from '../he/circuits/reply.js';
import { readSetup } from '../he/circuits/setup.js';
import type { HeBackend } from '../he/ring/backend.js';
import type { CoupleContext } from '../messages/frame.js';
import type { MessageShape } from '../models/family.js';
import { largest } from '../optimisers/vectors.js';
import { outOfRange, type ModelOwnerCodec, type ReadUpdate } from './codec.js';

/** Encrypted messages of a couple, under keys derived from the model owner's secret. */
export async function encryptedCodec(
  parameters: CkksParameters,
  backend: HeBackend,
  secret: Uint8Array,
  couple: CoupleContext & { readonly features: number },
  shape: MessageShape,
): Promise<ModelOwnerCodec> {
  const scheme = await openScheme(parameters, backend);
  const { secretKey, message } = await makeKeyPair(scheme, secret, couple);
  const { ciphertexts } = packingOf(parameters, shape);
  const bounds = {
    result: largestNoise(parameters, { ...shape, ciphertexts }),
    setup: largestSetupNoise(parameters),
  };
  const context = { ...couple, ...shape };
  return {
    protection: 'encrypted',
    keyMessage: message,
    writeModel: (query, setupFlags, { attempt }) =>
      encryptQuery(scheme, { secret, secretKey }, { ...context, attempt }, query, setupFlags),
    checkUpdate: (bytes, update) => void parseReply(parameters, bytes, { ...context, ...update }),
    readUpdate: async (bytes, update) =>
      judge(await decryptReply(scheme, secretKey, bytes, { ...context, ...update }), shape, bounds),
  };
}

/**
 * Unused slots, and imaginary parts where there is no second result, are zero but for noise: they show how precise the
 * update is, and whether it is one.
 */
function judge(
  { result, setup }: DecryptedReply,
  shape: MessageShape,
  bounds: { readonly result: number; readonly setup: number },
): ReadUpdate {
  const values = plain(result.real.subarray(0, shape.outputs));
  const imaginary = plain(result.imaginary.subarray(0, shape.imaginary ? shape.outputs : 0));
  const said = setup === undefined ? { numbers: [], noise: [] } : readSetup(setup, shape.setup);
  const free = [...result.real.subarray(shape.outputs), ...result.imaginary.subarray(imaginary.length)];
  const isNoise = largest(free) > bounds.result || largest(said.noise) > bounds.setup;
  return {
    values,
    imaginary,
    setup: setup && plain(said.numbers),
    precisionBits: free.length === 0 ? null : bitsAbove(largest(free)),
    unusable: isNoise
      ? 'it decrypts to noise: not an update of this model'
      : outOfRange([...values, ...imaginary, ...said.numbers]),
  };
}

function bitsAbove(noise: number): number {
  return noise === 0 ? 53 : Math.max(0, -Math.log2(noise));
}

/** As an array without negative zeros. */
function plain(numbers: Iterable<number>): number[] {
  return Array.from(numbers, (value) => value + 0);
}
