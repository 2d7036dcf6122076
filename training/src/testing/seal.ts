import loadSeal from 'node-seal';
import { linearParameters } from '../he/ckks/parameters.js';

// Microsoft SEAL itself, as the judge of our arithmetic: keys, ciphertexts and plaintexts in its own layout.

const { ringDegree, primes, keyPrimes } = linearParameters;
const seal = await loadSeal();
const settings = new seal.EncryptionParameters(seal.SchemeType.ckks);
settings.setPolyModulusDegree(ringDegree);
settings.setCoeffModulus(seal.CoeffModulus.Create(ringDegree, Int32Array.of(60, 60, 60)));
const context = new seal.SEALContext(settings, true, seal.SecLevelType.tc128);
const encoder = new seal.CKKSEncoder(context);
const evaluator = new seal.Evaluator(context);
const keys = new seal.KeyGenerator(context);
const none = seal.ComprModeType.none;

export const allPrimes = [...primes, ...keyPrimes];

const CIPHERTEXT_PREFIX = 113;
const PLAINTEXT_PREFIX = 88;

type Polynomials = readonly BigUint64Array[];

function withResidues(template: Uint8Array, prefix: number, polynomials: Polynomials): Uint8Array {
  const out = template.slice();
  polynomials.forEach((residues, index) => {
    out.set(
      new Uint8Array(residues.buffer, residues.byteOffset, residues.byteLength),
      prefix + 8 * ringDegree * index,
    );
  });
  return out;
}

function residuesOf(bytes: Uint8Array, prefix: number): BigUint64Array<ArrayBuffer>[] {
  const size = 8 * ringDegree;
  return Array.from({ length: (bytes.length - prefix) / size }, (_, index) => {
    return new BigUint64Array(bytes.slice(prefix + size * index, prefix + size * (index + 1)).buffer);
  });
}

/** A fresh SEAL ciphertext at a scale, its residues replaced by ours: first part, then second, prime by prime. */
function sealCiphertext(polynomials: Polynomials, scaleBits: number) {
  const plaintext = new seal.Plaintext();
  encoder.encode(Float64Array.of(1), 2 ** scaleBits, plaintext);
  const fresh = new seal.Ciphertext();
  new seal.Encryptor(context, keys.createPublicKey()).encrypt(plaintext, fresh);
  const ciphertext = new seal.Ciphertext();
  ciphertext.loadFromArray(
    context,
    withResidues(fresh.saveToArray(none) as Uint8Array, CIPHERTEXT_PREFIX, polynomials),
  );
  return ciphertext;
}

/** SEAL's encoding of slot values: residues per ciphertext prime. */
export function sealEncode(slots: Float64Array, scaleBits: number): BigUint64Array<ArrayBuffer>[] {
  const plaintext = new seal.Plaintext();
  encoder.encode(slots, 2 ** scaleBits, plaintext);
  return residuesOf(plaintext.saveToArray(none) as Uint8Array, PLAINTEXT_PREFIX);
}

/** SEAL's decoding of a plaintext given by its residues. */
export function sealDecode(polynomials: Polynomials, scaleBits: number): Float64Array {
  const plaintext = new seal.Plaintext();
  encoder.encode(Float64Array.of(1), 2 ** scaleBits, plaintext);
  const bytes = withResidues(plaintext.saveToArray(none) as Uint8Array, PLAINTEXT_PREFIX, polynomials);
  plaintext.loadFromArray(context, bytes);
  return encoder.decodeFloat64(plaintext) as Float64Array;
}

/** SEAL's product of a ciphertext and a plaintext: residues of first part, then second. */
export function sealMultiply(
  ciphertext: Polynomials,
  scaleBits: number,
  slots: Float64Array,
  slotBits: number,
): BigUint64Array[] {
  const left = sealCiphertext(ciphertext, scaleBits);
  const plaintext = new seal.Plaintext();
  encoder.encode(slots, 2 ** slotBits, plaintext);
  evaluator.multiplyPlainInplace(left, plaintext);
  return residuesOf(left.saveToArray(none) as Uint8Array, CIPHERTEXT_PREFIX);
}

/** SEAL's product of two ciphertexts, not relinearised: residues of first, second and third part. */
export function sealMultiplyCiphertexts(
  left: { readonly polynomials: Polynomials; readonly scaleBits: number },
  right: { readonly polynomials: Polynomials; readonly scaleBits: number },
): BigUint64Array[] {
  const product = sealCiphertext(left.polynomials, left.scaleBits);
  evaluator.multiplyInplace(product, sealCiphertext(right.polynomials, right.scaleBits));
  return residuesOf(product.saveToArray(none) as Uint8Array, CIPHERTEXT_PREFIX);
}

/** SEAL's decryption under a secret key given by its residues for all primes of the chain. */
export function sealDecrypt(
  ciphertext: Polynomials,
  scaleBits: number,
  secretKey: Polynomials,
): Float64Array {
  const bytes = keys.secretKey().saveToArray(none) as Uint8Array;
  const key = new seal.SecretKey();
  key.loadFromArray(
    context,
    withResidues(bytes, bytes.length - 8 * ringDegree * allPrimes.length, secretKey),
  );
  const plaintext = new seal.Plaintext();
  new seal.Decryptor(context, key).decrypt(sealCiphertext(ciphertext, scaleBits), plaintext);
  return encoder.decodeFloat64(plaintext) as Float64Array;
}

/** SEAL's inverse transform of a ciphertext's polynomials, and the same polynomials transformed. */
export function sealTransformPair(): {
  coefficients: BigUint64Array<ArrayBuffer>[];
  transformed: BigUint64Array<ArrayBuffer>[];
} {
  const plaintext = new seal.Plaintext();
  encoder.encode(
    Float64Array.from({ length: 64 }, (_, slot) => slot - 31.5),
    2 ** 60,
    plaintext,
  );
  const ciphertext = new seal.Ciphertext();
  new seal.Encryptor(context, keys.createPublicKey()).encrypt(plaintext, ciphertext);
  const back = new seal.Ciphertext();
  evaluator.cipherTransformFromNtt(ciphertext, back);
  return {
    coefficients: residuesOf(back.saveToArray(none) as Uint8Array, CIPHERTEXT_PREFIX),
    transformed: residuesOf(ciphertext.saveToArray(none) as Uint8Array, CIPHERTEXT_PREFIX),
  };
}
