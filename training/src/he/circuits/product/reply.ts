import { decryptTrace } from '../../ckks/decryption.js';
import type { Ciphertext } from '../../ckks/encryption.js';
import type { PublicKey, SecretKey } from '../../ckks/keys.js';
import { productParameters as parameters } from '../../ckks/parameters.js';
import { multiplyCiphertexts, type FactorCiphertext } from '../../ckks/product.js';
import { sanitiseProduct, type ProductTrace } from '../../ckks/sanitising.js';
import type { Scheme } from '../../ckks/scheme.js';
import { readResidues } from '../../ring/residues.js';
import { parseTrace, readReply, writeReply, type ReplyContext, type SentReply } from '../reply.js';
import { productLayout } from './layout.js';

type Ring = Pick<Scheme, 'parameters' | 'ring'>;
type Sizes = Pick<ReplyContext, 'inputs' | 'outputs'>;

const { ringDegree, primes } = parameters;
const WHOLE_BYTES = 8 * ringDegree * primes.length;

/** Coefficients that the trace keeps. */
function keptOf(sizes: Sizes): number {
  return ringDegree / productLayout(parameters, sizes).block;
}

/** Bytes of a reply's body: a trace, and the second and third part whole. */
export function productReplyBytes(sizes: Sizes): number {
  return 8 * keptOf(sizes) * primes.length + 2 * WHOLE_BYTES;
}

/** A host's reply: the encrypted map times the query, in three parts, sanitised. */
export async function evaluateProductReply(
  scheme: Ring,
  input: {
    readonly map: FactorCiphertext;
    readonly query: Ciphertext;
    readonly publicKey: PublicKey;
    readonly seed: Uint8Array;
  },
  reply: ReplyContext,
): Promise<Uint8Array> {
  const { map, query, publicKey, seed } = input;
  const { block } = productLayout(parameters, reply);
  const product = multiplyCiphertexts(query, map);
  const { trace, second, third } = await sanitiseProduct(scheme, publicKey, seed, block, product);
  return writeReply(parameters, reply, [trace, second, third]);
}

/** Model owner: checks a reply's form. @throws TrainingError VT7401 to VT7408 */
export function parseProductReply(bytes: Uint8Array, reply: ReplyContext): ProductTrace {
  const body = readReply(parameters, bytes, reply, productReplyBytes(reply));
  const end = body.length - WHOLE_BYTES;
  const { trace, second } = parseTrace(parameters, body.subarray(0, end), keptOf(reply));
  const third = readResidues(body.subarray(end), parameters);
  return { trace, second, third };
}

/** Model owner: decrypts a reply to its numbers, and those coefficients that hold none. @throws TrainingError VT7401 to VT7408 */
export async function decryptProductReply(
  { ring }: Ring,
  secretKey: SecretKey,
  replies: readonly SentReply[],
  { outputs }: Sizes,
): Promise<{ readonly values: Float64Array; readonly free: readonly number[] }> {
  const scale = 2 ** (parameters.modelScaleBits + parameters.matrixScaleBits);
  const parts = replies.map(({ bytes, reply }) => parseProductReply(bytes, reply));
  const coefficients = await decryptTrace(ring, secretKey, parts);
  const numbers = coefficients.map((value) => Number(value) / scale);
  return {
    values: Float64Array.from({ length: outputs }, (_, output) => numbers[output]!),
    free: numbers.slice(outputs),
  };
}
