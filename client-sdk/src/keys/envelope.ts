import { type KeyObject, createHash, createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import type { PublicJwk } from '@veritrain/chaincode/domain';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { sdkError } from '../errors/veritrainError.js';
import { type PrivateJwk, deriveKeyPair, deriveSecret, publicPart } from './derive.js';

const header = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' } as const;
const ivBytes = 12;

/**
 * Seals a short text or key to a member's encryption key as a compact JWE (RFC 7516; ECDH-ES+A256KW, A256GCM).
 * Ephemeral key, content key and nonce are derived from the sender's root, the recipient and the content's digest
 * instead of drawn, so a step that is repeated after a crash sends the same bytes; no key ever meets two contents.
 *
 * @throws KEY_INVALID if the recipient's key is no point of P-256.
 */
export async function sealTo(recipient: PublicJwk, content: Uint8Array, root: Uint8Array): Promise<string> {
  const publicKey = publicKeyOf(recipient);
  const context = [recipient.x, recipient.y, createHash('sha256').update(content).digest('hex')];
  const ephemeral = deriveKeyPair(root, 'envelope/ephemeral', ...context);
  const encryption = new CompactEncrypt(content).setProtectedHeader(header);
  // jose warns against setting these, since keys and nonces used twice are fatal; these are bound to the content.
  /* eslint-disable @typescript-eslint/no-deprecated */
  encryption.setKeyManagementParameters({ epk: await ephemeralKey(ephemeral) });
  encryption.setContentEncryptionKey(deriveSecret(root, 'envelope/key', ...context));
  encryption.setInitializationVector(deriveSecret(root, 'envelope/nonce', ...context).subarray(0, ivBytes));
  /* eslint-enable @typescript-eslint/no-deprecated */
  return encryption.encrypt(publicKey);
}

/** @throws ENVELOPE_UNOPENED if it was sealed to another key, is no such envelope, or was changed. */
export async function openWith(key: PrivateJwk, envelope: string): Promise<Uint8Array> {
  try {
    const options = { keyManagementAlgorithms: [header.alg], contentEncryptionAlgorithms: [header.enc] };
    const { plaintext } = await compactDecrypt(
      envelope,
      createPrivateKey({ key: { ...key }, format: 'jwk' }),
      options,
    );
    return plaintext;
  } catch (cause) {
    throw sdkError('VT8401', 'The envelope cannot be opened with this key.', { cause });
  }
}

/** jose takes an ephemeral key as an extractable CryptoKey only, since it writes its public part into the header. */
function ephemeralKey(jwk: PrivateJwk): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  return webcrypto.subtle.importKey('jwk', { ...jwk }, algorithm, true, ['deriveBits']);
}

function publicKeyOf(jwk: PublicJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...publicPart(jwk) }, format: 'jwk' });
  } catch (cause) {
    throw sdkError('VT8305', 'This is no P-256 public key.', { cause });
  }
}
