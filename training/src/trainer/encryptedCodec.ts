import { makeKeyPair } from '../he/keys.js';
import { encryptModel } from '../he/modelCiphertext.js';
import { largestNoise } from '../he/noise.js';
import { slotPeriod, type CkksParameters } from '../he/parameters.js';
import { loadEncoder } from '../he/seal.js';
import type { DecodedTrace } from '../he/traceSlots.js';
import { decryptUpdate, readUpdate } from '../he/update.js';
import type { CoupleContext } from '../messages/frame.js';
import { outOfRange, type ModelOwnerCodec, type ReadUpdate } from './codec.js';

/** Encrypted messages of a couple, under keys derived from the model owner's secret. */
export async function encryptedCodec(
  parameters: CkksParameters,
  secret: Uint8Array,
  context: CoupleContext & { readonly features: number },
): Promise<ModelOwnerCodec> {
  const encode = await loadEncoder(parameters);
  const { secretKey, message } = makeKeyPair(parameters, secret, context);
  const mostNoise = largestNoise(parameters);
  return {
    protection: 'encrypted',
    keyMessage: message,
    writeModel: (weights, { attempt }) =>
      encryptModel(parameters, { secret, secretKey }, { ...context, attempt }, weights, encode),
    checkUpdate: (bytes, { attempt }, subset) =>
      void readUpdate(parameters, bytes, { ...context, attempt, subset }),
    readUpdate: (bytes, { attempt }, subset) =>
      judge(
        decryptUpdate(parameters, secretKey, bytes, { ...context, attempt, subset }),
        context.features,
        mostNoise,
      ),
  };
}

/** Imaginary parts and unused slots are zero but for noise: they show how precise the update is, and whether it is one. */
function judge(decoded: DecodedTrace, features: number, mostNoise: number): ReadUpdate {
  const values = Array.from(decoded.sums.subarray(0, features), (value) => value + 0);
  const unused = decoded.sums.subarray(features, slotPeriod(features));
  const noise = unused.reduce((most, value) => Math.max(most, Math.abs(value)), decoded.largestNoise);
  const unusable =
    noise <= mostNoise ? outOfRange(values) : 'it decrypts to noise: not an update of this model';
  return { values, precisionBits: noise === 0 ? 53 : Math.max(0, -Math.log2(noise)), unusable };
}
