import { makeKeyPair } from '../he/ckks/keys.js';
import { largestNoise } from '../he/ckks/noise.js';
import type { CkksParameters } from '../he/ckks/parameters.js';
import { openScheme } from '../he/ckks/scheme.js';
import { encryptQuery } from '../he/circuits/query.js';
import { decryptReply, parseReply } from '../he/circuits/reply.js';
import type { TraceSlots } from '../he/circuits/traceSlots.js';
import type { HeBackend } from '../he/ring/backend.js';
import type { CoupleContext } from '../messages/frame.js';
import { largest } from '../optimisers/vectors.js';
import { outOfRange, type ModelOwnerCodec, type ReadUpdate } from './codec.js';

/** Encrypted messages of a couple, under keys derived from the model owner's secret. */
export async function encryptedCodec(
  parameters: CkksParameters,
  backend: HeBackend,
  secret: Uint8Array,
  couple: CoupleContext & { readonly features: number },
): Promise<ModelOwnerCodec> {
  const scheme = await openScheme(parameters, backend);
  const { secretKey, message } = await makeKeyPair(scheme, secret, couple);
  const mostNoise = largestNoise(parameters);
  const context = { ...couple, inputs: couple.features, outputs: couple.features };
  return {
    protection: 'encrypted',
    keyMessage: message,
    writeModel: (weights, { attempt }) =>
      encryptQuery(scheme, { secret, secretKey }, { ...context, attempt }, weights),
    checkUpdate: (bytes, { attempt }, subset) =>
      void parseReply(parameters, bytes, { ...context, attempt, subset }),
    readUpdate: async (bytes, { attempt }, subset) => {
      const slots = await decryptReply(scheme, secretKey, bytes, { ...context, attempt, subset });
      return judge(slots, context.outputs, mostNoise);
    },
  };
}

/** Imaginary parts and unused slots are zero but for noise: they show how precise the update is, and whether it is one. */
function judge({ real, imaginary }: TraceSlots, outputs: number, mostNoise: number): ReadUpdate {
  const values = Array.from(real.subarray(0, outputs), (value) => value + 0);
  const noise = largest([...real.subarray(outputs), ...imaginary]);
  const unusable =
    noise <= mostNoise ? outOfRange(values) : 'it decrypts to noise: not an update of this model';
  return { values, precisionBits: noise === 0 ? 53 : Math.max(0, -Math.log2(noise)), unusable };
}
