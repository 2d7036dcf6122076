import { makeKeyPair } from '../he/ckks/keys.js';
import { openScheme } from '../he/ckks/scheme.js';
import { circuitOf, type Circuit, type ReplyNumbers } from '../he/circuits/circuit.js';
import type { HeBackend } from '../he/ring/backend.js';
import type { CoupleContext } from '../messages/frame.js';
import type { MessageShape } from '../models/family.js';
import { largest } from '../optimisers/vectors.js';
import { outOfRange, type ModelOwnerCodec, type ReadUpdate } from './codec.js';

/** Encrypted messages of a couple, under keys derived from the model owner's secret. */
export async function encryptedCodec(
  backend: HeBackend,
  secret: Uint8Array,
  couple: CoupleContext & { readonly features: number },
  shape: MessageShape,
): Promise<ModelOwnerCodec> {
  const circuit = circuitOf(shape);
  const scheme = await openScheme(circuit.parameters, backend);
  const { secretKey, message } = await makeKeyPair(scheme, secret, couple);
  const context = { ...couple, ...shape };
  return {
    protection: 'encrypted',
    keyMessage: message,
    writeModel: (query, setupFlags, { attempt }) =>
      circuit.encryptQuery(scheme, { secret, secretKey }, { ...context, attempt }, query, setupFlags),
    checkUpdate: (bytes, update) => circuit.checkReply(bytes, { ...context, ...update }),
    readUpdates: async (updates) => {
      const replies = updates.map(({ bytes, ...update }) => ({ bytes, reply: { ...context, ...update } }));
      return judge(await circuit.decryptReply(scheme, secretKey, replies), circuit.maxNoise, updates.length);
    },
  };
}

/**
 * Unused parts, and imaginary parts where there is no second result, are zero but for noise: they show how precise the
 * update is, and whether it is one. The noise of a sum is that of all its updates.
 */
function judge(
  { free, setup, ...numbers }: ReplyNumbers,
  maxNoise: Circuit['maxNoise'],
  count: number,
): ReadUpdate {
  const values = plain(numbers.values);
  const imaginary = plain(numbers.imaginary);
  const said = setup ?? { numbers: [], noise: [] };
  const isNoise = largest(free) > count * maxNoise.result || largest(said.noise) > count * maxNoise.setup;
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
function plain(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers, (value) => value + 0);
}
